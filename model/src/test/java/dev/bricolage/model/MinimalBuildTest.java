package dev.bricolage.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MinimalBuildTest {
  /** top asks left and right, which ask in; left keeps only whether in is odd. */
  private static final Sums DIAMOND =
      new Sums(
          Map.of(
              "top", Sums.of(Sums::sum, "left", "right"),
              "left", Sums.of(v -> v.getFirst() % 2, "in"),
              "right", Sums.of(v -> v.getFirst() / 10, "in", "other")),
          "top");

  private final State<String, Integer> one =
      State.<String, Integer>empty().edit(set("in", 12)).edit(set("other", 5));

  private static Map<String, Optional<Integer>> set(String key, int value) {
    return Map.of(key, Optional.of(value));
  }

  private static MinimalBuild<String, Integer> ask(Sums sums, State<String, Integer> state) {
    return MinimalBuild.of(sums, state, List.of("top"));
  }

  private static Result<Integer> value(int value) {
    return new Result.Value<>(value);
  }

  @Test
  void runsEachTaskOnceAndThenNone() {
    MinimalBuild<String, Integer> first = ask(DIAMOND, one);
    assertEquals(value(1), first.result("top"));
    assertEquals(Set.of("top", "left", "right"), first.ran());
    assertEquals(Set.of(), ask(DIAMOND, first.after()).ran());
    assertSame(first.after(), first.after().edit(set("in", 12)), "nothing was changed");
  }

  @Test
  void cutsOffWhereAValueIsAsItWas() {
    State<String, Integer> warm = ask(DIAMOND, one).after();
    assertEquals(Set.of("left", "right"), ask(DIAMOND, warm.edit(set("in", 14))).ran());
    assertEquals(Set.of("left", "right", "top"), ask(DIAMOND, warm.edit(set("in", 15))).ran());
    assertEquals(Set.of("right"), ask(DIAMOND, warm.edit(set("other", 6))).ran());
  }

  @Test
  void aChangeAndBackIsAChangeForWhoeverCouldHaveSeenIt() {
    State<String, Integer> warm = ask(DIAMOND, one).after();
    State<String, Integer> back = warm.edit(set("in", 15)).edit(set("in", 12));
    assertEquals(Set.of("left", "right"), ask(DIAMOND, back).ran());
    State<String, Integer> seen =
        ask(DIAMOND, warm.edit(set("in", 15))).after().edit(set("in", 12));
    assertEquals(Set.of("left", "right"), ask(DIAMOND, seen).ran());
    assertEquals(Set.of("top"), ask(DIAMOND, seen).recalled());
  }

  @Test
  void recallsAfterARestartWhateverBranchItWas() {
    State<String, Integer> both =
        ask(DIAMOND, ask(DIAMOND, one).after().edit(set("in", 25))).after().restart();
    MinimalBuild<String, Integer> again = ask(DIAMOND, both.edit(set("in", 12)));
    assertEquals(Set.of("left", "right"), again.ran());
    assertEquals(Set.of("top"), again.recalled());
    assertEquals(value(1), again.result("top"));
  }

  @Test
  void looksNoFurtherThanTheFirstChange() {
    Sums chooses =
        new Sums(
            Map.of(
                "top", Sums.ask("in", v -> v == 1 ? Sums.of(Sums::sum, "left") : Sums.gives(0)),
                "left", Sums.of(Sums::sum, "other")));
    State<String, Integer> warm =
        ask(chooses, State.<String, Integer>empty().edit(set("in", 1)).edit(set("other", 3)))
            .after();
    State<String, Integer> other = warm.edit(set("other", 4)).edit(set("in", 2));
    assertEquals(Set.of("top"), ask(chooses, other).ran());
  }

  @Test
  void aFailureIsAnAnswer() {
    State<String, Integer> gone = one.edit(Map.of("other", Optional.empty()));
    MinimalBuild<String, Integer> failed = ask(DIAMOND, gone);
    assertEquals(new Result.Failure<>("other was never set"), failed.result("top"));
    assertEquals(Set.of("top", "left", "right"), failed.ran());
    assertEquals(Set.of(), ask(DIAMOND, failed.after()).ran());
  }

  @Test
  void whatIsComputedAfreshIsComparedAllTheSame() {
    State<String, Integer> warm = ask(DIAMOND, one).after();
    MinimalBuild<String, Integer> again = MinimalBuild.fresh(DIAMOND, warm, "left");
    assertEquals(Set.of("left"), again.ran());
    assertEquals(Set.of(), ask(DIAMOND, again.after()).ran());
    assertEquals(Set.of("top"), MinimalBuild.fresh(DIAMOND, warm, "top").ran());
  }

  @Test
  void whatIsNotRememberedRunsEachTimeAndSoDoesWhatRestsOnIt() {
    Sums forgetful = DIAMOND.forgetting("left");
    State<String, Integer> warm = ask(forgetful, one).after();
    assertEquals(Set.of("right"), warm.memory().keySet());
    assertEquals(Map.of(), warm.traces());
    assertEquals(Set.of("top", "left"), ask(forgetful, warm).ran());
  }

  @Test
  void anotherProcessAddsToWhatIsRecalled() {
    State<String, Integer> other = ask(DIAMOND, one).after();
    MinimalBuild<String, Integer> here = ask(DIAMOND, one.over(other.traces()));
    assertEquals(Set.of("left", "right"), here.ran());
    assertEquals(Set.of("top"), here.recalled());
  }

  @Test
  void aKeyOnACycleOrThatAsksOneHasNoAnswer() {
    Sums cyclic =
        new Sums(
            Map.of(
                "top", Sums.of(Sums::sum, "fine", "left"),
                "left", Sums.of(Sums::sum, "right"),
                "right", Sums.of(Sums::sum, "left"),
                "fine", Sums.gives(1)));
    MinimalBuild<String, Integer> first = ask(cyclic, State.empty());
    assertEquals(new Result.Cycle<>(), first.result("top"));
    assertEquals(Set.of("fine"), first.after().memory().keySet());
    assertEquals(Set.of("top", "left", "right"), ask(cyclic, first.after()).ran());
  }
}

package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Random worlds, edits and runs against {@link Oracle}; a failure names its seed. */
final class MemoFuzzTest {
  private static final int MEMOS = 1_000;
  private static final int STEPS = 60;

  /** How often each outcome was met, so that we know the play is not one-sided. */
  private static final class Tally {
    int fits;
    int differs;
    int firstTimes;
    int replaced;
  }

  @Test
  void recallIsWhatALinearScanSays() throws Exception {
    Tally tally = new Tally();
    for (long seed = 0; seed < MEMOS; seed++) {
      play(seed, UnaryOperator.identity(), UnaryOperator.identity(), tally);
    }
    String seen =
        tally.fits
            + " fits, "
            + tally.differs
            + " differ, "
            + tally.firstTimes
            + " first times, "
            + tally.replaced
            + " replaced";
    System.out.println("memo fuzz: " + MEMOS * STEPS + " steps: " + seen);
    assertTrue(tally.fits > 5_000 && tally.differs > 5_000 && tally.replaced > 500, seen);
    assertTrue(tally.firstTimes > 500, seen);
  }

  @Test
  void canaryARecorderThatForgetsAStepIsCaught() {
    assertThrows(AssertionError.class, () -> playAll(MemoFuzzTest::forgetful, v -> v));
  }

  @Test
  void canaryAViewThatMissesAChangeIsCaught() {
    UnaryOperator<View> blind =
        view ->
            questions ->
                view.answers(questions).stream()
                    .map(answer -> answer.equals("a1") ? "a0" : answer)
                    .toList();
    assertThrows(AssertionError.class, () -> playAll(t -> t, blind));
  }

  private static Trace forgetful(Trace trace) {
    List<Step> steps = trace.steps();
    int kept = Math.max(0, steps.size() - 1);
    return new Trace(trace.key(), steps.subList(0, kept), trace.value());
  }

  private static void playAll(UnaryOperator<Trace> recorder, UnaryOperator<View> eyes)
      throws Exception {
    for (long seed = 0; seed < MEMOS; seed++) {
      play(seed, recorder, eyes, new Tally());
    }
  }

  private static void play(
      long seed, UnaryOperator<Trace> recorder, UnaryOperator<View> eyes, Tally tally)
      throws Exception {
    Play play = new Play(seed);
    MemoryNodes nodes = new MemoryNodes();
    TraceMemory memo = new TraceMemory(nodes);
    Oracle oracle = new Oracle();
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + " step " + step;
      play.edit();
      Question key = play.key();
      TraceMemory asked = play.below(10) == 0 ? new TraceMemory(nodes) : memo;
      Recall recall = asked.recall(key, Trace.Order.ANY, eyes.apply(play.world));
      check(where, recall, key, play.world, oracle, tally);
      if (!(recall instanceof Recall.Fits) || play.below(3) == 0) {
        Trace trace = play.run(key);
        var expected = oracle.record(trace);
        tally.replaced += expected.isPresent() ? 1 : 0;
        assertEquals(expected, memo.record(recorder.apply(trace)), where);
      }
    }
  }

  private static void check(
      String where, Recall recall, Question key, World world, Oracle oracle, Tally tally) {
    Set<String> fitting = oracle.fitting(key, world);
    switch (recall) {
      case Recall.Fits fits -> {
        tally.fits++;
        assertTrue(fitting.contains(fits.value()), where + ": " + fits + " of " + fitting);
      }
      case Recall.FirstTime none -> {
        tally.firstTimes++;
        assertFalse(oracle.knows(key), where + ": not the first time");
      }
      case Recall.Differs differs -> {
        tally.differs++;
        assertEquals(Set.of(), fitting, where);
        Set<Recall.Difference> told = new HashSet<>(differs.differences());
        assertEquals(told.size(), differs.differences().size(), where + ": told twice");
        List<Set<Recall.Difference>> against = oracle.against(key, world);
        assertTrue(against.contains(told), where + ": " + told + " is not all against any trace");
      }
      case Recall.Lost lost -> throw new AssertionError(where + ": traces have no lost values");
    }
  }
}

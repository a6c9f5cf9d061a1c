package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.engine.Stage.Actor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are dropped while somebody is about to use them. */
@ParameterizedClass(name = "virtual threads: {0}")
@ValueSource(booleans = {false, true})
final class RoomRacesTest {
  private final Stage stage;
  private final Sheet sheet = new Sheet();
  private final Memo memo;

  RoomRacesTest(boolean virtual) {
    stage = new Stage(virtual);
    memo = Memo.builder().tasks(sheet).slots(4).budget(3).listener(stage).open();
  }

  private Actor<Integer> asks(String name) {
    return stage.actor(() -> memo.get(cell(name)));
  }

  private int count(String signal) {
    return Collections.frequency(stage.raised(), signal);
  }

  /** Makes so many values that all others are dropped, wherever the clock's hand is. */
  private void flood(String name) throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      sheet.let(name + i, at -> 0);
      memo.get(cell(name + i));
    }
  }

  /**
   * <pre>
   * asker   get(top) ── fetch(a): 7 ── holds it ───────────────── go ── 7 + 7
   * test                                └── a is evicted ─────────┘      └── fetch(a): a runs again
   * </pre>
   */
  @Test
  void evictedBetweenTwoFetches() throws Exception {
    sheet.let("a", at -> 7);
    sheet.task(
        "top",
        fetch -> {
          int before = fetch.fetch(cell("a"));
          stage.raise("top has a");
          stage.await("go");
          return before + fetch.fetch(cell("a"));
        });
    Actor<Integer> asker = asks("top");
    stage.await("top has a");
    flood("x");
    assertTrue(stage.isUp("a is evicted"));
    stage.raise("go");
    assertEquals(14, asker.gives());
    assertEquals(2, count("a runs"));
    assertTrue(memo.census().weight() <= 3, memo.census().toString());
  }

  /**
   * What is looked into has its value dropped meanwhile: it still knows whether it stands.
   *
   * <pre>
   * asker   get(top) ── does top stand? ── a runs ─────────────── go ── a: the same ── b stands, top too
   * test                                     └── b is evicted ────┘
   * </pre>
   */
  @Test
  void evictedWhileItIsVerified() throws Exception {
    sheet.task(
        "a",
        fetch -> {
          int in = fetch.fetch(cell("in"));
          if (in == 2) {
            stage.raise("a looks again");
            stage.await("go");
          }
          return Integer.signum(in);
        });
    sheet.let("b", at -> at.at("a") * 10);
    sheet.let("top", at -> at.at("a") + at.at("b"));
    memo.edit(edit -> edit.set(cell("in"), 1));
    assertEquals(11, memo.get(cell("top")));
    memo.edit(edit -> edit.set(cell("in"), 2));
    Actor<Integer> asker = asks("top");
    stage.await("a looks again");
    flood("x");
    assertTrue(stage.isUp("b is evicted"), stage.raised().toString());
    stage.raise("go");
    assertEquals(11, asker.gives());
    assertEquals(1, count("b runs"));
    assertEquals(1, count("top runs"));
  }

  /**
   * <pre>
   * first   get(a) ── a runs ─────────────── go ── 7
   * second      get(a) ── waits ─────────────┘ ── 7, from the landing, wherever the value is
   * test                    └── a flood ── a flood
   * </pre>
   */
  @Test
  void evictedBeforeWhoWaitedHasLooked() throws Exception {
    sheet.task(
        "a",
        fetch -> {
          stage.await("go");
          return 7;
        });
    Actor<Integer> first = asks("a");
    stage.await("a runs");
    Actor<Integer> second = asks("a");
    stage.await("somebody waits for a");
    flood("x");
    stage.raise("go");
    flood("y");
    assertEquals(7, first.gives());
    assertEquals(7, second.gives());
    assertEquals(1, count("a runs"));
  }

  /**
   * What one request keeps for itself, because it was dropped again and again, another one computes
   * and forgets. The first looks into b, which rests on it, and has the answer that it keeps: it
   * compares that, and does not wait for the node to have one.
   *
   * <pre>
   * asker   get(top) ── a: 7 ─────── a: 7, kept for top ─────────────────────── b: does it stand? ── 21
   * test                 └ flood, go ─┘               └ flood ─┐              ▲
   * other                                                      └ get(a): forgotten
   * </pre>
   */
  @Test
  void forgottenByAnotherWhileItIsKeptForOne() throws Exception {
    AtomicBoolean moody = new AtomicBoolean();
    sheet.task(
        "a",
        fetch -> {
          if (moody.get()) {
            fetch.forget("a mood");
          }
          return 7;
        });
    // A failure, since those are not dropped: it is known again.
    sheet.let("c", at -> at.at("in") / at.at("nought"));
    sheet.task(
        "b",
        fetch -> {
          TaskFailed same = assertThrows(TaskFailed.class, () -> fetch.fetch(cell("c")));
          assertEquals("c failed: java.lang.ArithmeticException: / by zero", same.getMessage());
          return 7 + fetch.fetch(cell("a"));
        });
    sheet.task(
        "top",
        fetch -> {
          int first = fetch.fetch(cell("a"));
          stage.raise("top has a");
          stage.await("once more");
          int second = fetch.fetch(cell("a"));
          assertEquals(first, second);
          stage.raise("top has a again");
          stage.await("go");
          return second + fetch.fetch(cell("b"));
        });
    memo.edit(edit -> {
      edit.set(cell("in"), 1);
      edit.set(cell("nought"), 0);
    });
    assertEquals(14, memo.get(cell("b")));
    memo.edit(edit -> edit.set(cell("in"), 2));
    flood("w");
    assertEquals(7, memo.get(cell("a"))); // computed in this revision
    flood("x");
    Actor<Integer> asker = asks("top");
    stage.await("top has a");
    flood("y");
    stage.raise("once more");
    stage.await("top has a again");
    flood("z");
    moody.set(true);
    assertEquals(7, asks("a").gives());
    assertInstanceOf(State.Unknown.class, memo.engine.node(cell("a")).state());
    int runs = count("a runs");
    stage.raise("go");
    assertEquals(21, asker.gives());
    assertEquals(runs, count("a runs"));
  }

  /** However much comes and goes, what is counted is what is there. */
  @Test
  void theCountIsRightInTheEnd() throws Exception {
    memo.edit(edit -> edit.set(cell("in"), -1));
    for (int round = 0; round < 5; round++) {
      int at = round;
      List<Actor<Integer>> actors = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        sheet.let("n" + i, cells -> cells.at("in"));
        actors.add(asks("n" + i));
      }
      memo.edit(edit -> edit.set(cell("in"), at));
      for (Actor<Integer> actor : actors) {
        try {
          assertTrue(actor.gives() >= at - 1);
        } catch (ExecutionException superseded) {
          assertInstanceOf(Superseded.class, superseded.getCause());
        }
      }
    }
    long values = memo.census().values() - 1; // the input weighs nothing
    assertEquals(values, memo.census().weight());
    assertTrue(values <= 3, "values: " + values);
  }
}

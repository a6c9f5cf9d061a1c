package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.engine.Stage.Actor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** One flight, several who want its landing. On threads of the platform, and on virtual ones. */
@ParameterizedClass(name = "virtual threads: {0}")
@ValueSource(booleans = {false, true})
final class FlightRacesTest {
  private final Stage stage;
  private final Sheet sheet = new Sheet();
  private final Memo memo;

  FlightRacesTest(boolean virtual) {
    stage = new Stage(virtual);
    memo = Memo.builder().tasks(sheet).slots(2).listener(stage).open();
  }

  private Actor<Integer> asks(String name) {
    return stage.actor(() -> memo.get(cell(name)));
  }

  private int count(String signal) {
    return Collections.frequency(stage.raised(), signal);
  }

  /** A task that gives 7 when it is let go, and ends when it is interrupted. */
  private void slow(String name) {
    sheet.task(
        name,
        fetch -> {
          stage.await("go");
          return 7;
        });
  }

  /**
   * <pre>
   * first   get(a) ── a runs ─────────────────────── a ends ── 7
   *                     │                     ▲         │
   * second              └─ get(a) ── waits ── go ───────┴───── 7
   * </pre>
   */
  @Test
  void twoAskersAndOneFlight() throws Exception {
    slow("a");
    Actor<Integer> first = asks("a");
    stage.await("a runs");
    Actor<Integer> second = asks("a");
    stage.await("somebody waits for a");
    stage.raise("go");
    assertEquals(7, first.gives());
    assertEquals(7, second.gives());
    assertEquals(1, count("a runs"));
  }

  /**
   * <pre>
   * first   get(a) ── a runs ───────────────────────────────────── a ends ── 7
   *                     │                                   ▲
   * second              └─ get(a) ── waits ── interrupted   │
   *                                               │         │
   * test                                          └─ gone ─ go
   * </pre>
   */
  @Test
  void whoIsCancelledWhileWaitingDisturbsNobody() throws Exception {
    slow("a");
    Actor<Integer> first = asks("a");
    stage.await("a runs");
    Actor<Integer> second = asks("a");
    stage.await("somebody waits for a");
    second.interrupt();
    second.fails(InterruptedException.class);
    assertFalse(first.isDone());
    stage.raise("go");
    assertEquals(7, first.gives());
    assertEquals(1, count("a runs"));
  }

  /**
   * <pre>
   * first   get(a) ── a runs ───────────────── interrupted
   *                     │                         │
   * second              └─ get(a) ── waits ───────┴── a runs ── go ── a ends ── 7
   * </pre>
   */
  @Test
  void whoWaitsTakesOverFromWhoIsCancelled() throws Exception {
    slow("a");
    Actor<Integer> first = asks("a");
    stage.await("a runs");
    Actor<Integer> second = asks("a");
    stage.await("somebody waits for a");
    first.interrupt();
    first.fails(InterruptedException.class);
    assertFalse(second.isDone());
    stage.raise("go");
    assertEquals(7, second.gives());
    assertEquals(2, count("a runs"));
  }

  /**
   * <pre>
   * first   get(top) ── top runs ── a runs ─────────────────── interrupted
   *                                   │                            │
   * second                            └─ get(a) ── waits ── takes a over ── 7
   * third                             └─ get(a) ── waits ── waits on ────── 7
   * </pre>
   */
  @Test
  void oneOfThoseWhoWaitTakesOver() throws Exception {
    slow("a");
    sheet.let("top", at -> at.at("a") + 1);
    Actor<Integer> first = asks("top");
    stage.await("a runs");
    Actor<Integer> second = asks("a");
    Actor<Integer> third = asks("a");
    // The third may still be on its way: it finds whatever flight there is.
    stage.await("somebody waits for a");
    first.interrupt();
    first.fails(InterruptedException.class);
    stage.raise("go");
    assertEquals(7, second.gives());
    assertEquals(7, third.gives());
    assertEquals(2, count("a runs"));
    assertEquals(8, memo.get(cell("top")));
    assertEquals(2, count("a runs"));
  }

  /**
   * The one who computes hears no interrupt; who waits does not wait for that. (On a virtual thread
   * the asker computes himself, and who is deaf there does not know that he was interrupted.)
   *
   * <pre>
   * first   get(a) ── a runs, deaf ─────────── interrupted ─── ... ──────── interrupted again
   *                     │                         │
   * second              └─ get(a) ── waits ───────┴── a runs ── 8
   * test                                                         └─ go ── the first gives 7: dropped
   * </pre>
   */
  @Test
  void whoWaitsDoesNotWaitForTheDeaf() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    sheet.task(
        "a",
        fetch -> {
          if (runs.incrementAndGet() == 1) {
            stage.raise("deaf");
            stage.awaitDeafly("go");
            stage.raise("deaf is over");
            return 7;
          }
          return 8;
        });
    Actor<Integer> first = new Stage(false).actor(() -> memo.get(cell("a")));
    stage.await("deaf");
    Actor<Integer> second = asks("a");
    stage.await("somebody waits for a");
    first.interrupt();
    stage.await("deaf to an interrupt");
    assertEquals(8, second.gives());
    assertFalse(first.isDone());
    stage.raise("go");
    stage.await("deaf is over");
    first.fails(InterruptedException.class);
    assertEquals(8, memo.get(cell("a")));
    assertEquals(2, runs.get());
  }

  /**
   * Eight tasks, each asking the next, wait for each other in a memo with one slot; four askers.
   * Never do two run at once.
   *
   * <pre>
   * c7 ── fetchAll(c6, d6) ── c6 ── fetchAll(c5, d5) ── ... ── c0
   * </pre>
   */
  @Test
  @SuppressWarnings("ThreadPriorityCheck") // a moment in which another could run beside
  void oneSlotIsEnoughHoweverManyWait() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Memo narrow = Memo.builder().tasks(sheet).slots(1).listener(stage).open();
    for (int i = 0; i < 8; i++) {
      int at = i;
      for (String name : List.of("c", "d")) {
        sheet.task(
            name + i,
            fetch -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              running.decrementAndGet();
              return at == 0
                  ? 1
                  : fetch.fetchAll(List.of(cell("c" + (at - 1)), cell("d" + (at - 1)))).stream()
                      .mapToInt(value -> value)
                      .sum();
            });
      }
    }
    List<Actor<Integer>> askers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      askers.add(stage.actor(() -> narrow.get(cell("c7"))));
    }
    for (Actor<Integer> asker : askers) {
      assertEquals(128, asker.gives());
    }
    assertEquals(1, most.get());
    assertEquals(15, stage.raised().stream().filter(s -> s.endsWith(" runs")).count());
  }

  /**
   * <pre>
   * asker   get(a) ── a runs for ever ── interrupted ── waits for its end ── interrupted ── gone
   * </pre>
   */
  @Test
  void theSecondInterruptDoesNotWaitForATaskThatNeverEnds() throws Exception {
    sheet.task(
        "a",
        fetch -> {
          stage.raise("deaf");
          stage.awaitDeafly("the end of days");
          return 7;
        });
    Stage platform = new Stage(false);
    Actor<Integer> asker = platform.actor(() -> memo.get(cell("a")));
    stage.await("deaf");
    asker.interrupt();
    stage.await("deaf to an interrupt");
    assertFalse(asker.isDone());
    asker.interrupt();
    asker.fails(InterruptedException.class);
    stage.raise("the end of days");
    sheet.let("a", at -> 8);
    assertEquals(8, memo.get(cell("a")));
  }

  /** An interrupt that comes too late is the caller's own affair. */
  @Test
  void noInterruptIsLeftBehindAndNoneIsLost() throws Exception {
    slow("a");
    Actor<Boolean> cancelled =
        stage.actor(() -> {
          try {
            memo.get(cell("a"));
            return false;
          } catch (InterruptedException e) {
            return !Thread.currentThread().isInterrupted();
          }
        });
    stage.await("a runs");
    cancelled.interrupt();
    assertTrue(cancelled.gives());
    stage.raise("go");
    assertEquals(7, memo.get(cell("a")));
    Actor<Boolean> before =
        stage.actor(() -> {
          Thread.currentThread().interrupt();
          assertEquals(7, memo.get(cell("a")));
          return Thread.interrupted();
        });
    assertTrue(before.gives());
  }
}

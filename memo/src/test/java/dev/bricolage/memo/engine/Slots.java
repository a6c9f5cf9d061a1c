package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether a memo at rest has all its slots, and no more, seen from outside. */
final class Slots {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Slots() {}

  /** So many tasks can meet; one more has to wait until one of them has ended. */
  static void areAll(Memo memo, Sheet sheet, int slots) throws Exception {
    Stage stage = new Stage(false);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Stage.Actor<Integer>> actors = new ArrayList<>();
    for (int i = 0; i <= slots; i++) {
      String name = "slot " + COUNT.incrementAndGet();
      sheet.task(
          name,
          fetch -> {
            int now = inside.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            if (now == slots) {
              stage.raise("all are in");
            }
            stage.await("all are in");
            for (int k = 0; k < 100_000; k++) {
              Thread.onSpinWait(); // whoever has a slot too many comes in meanwhile
            }
            inside.decrementAndGet();
            return now;
          });
      actors.add(stage.actor(() -> memo.get(cell(name))));
    }
    for (Stage.Actor<Integer> actor : actors) {
      actor.gives();
    }
    assertEquals(slots, most.get());
  }
}

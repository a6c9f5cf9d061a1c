package dev.bricolage.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All sides compute the same. */
final class SideTest {
  @ParameterizedTest
  @EnumSource(Side.class)
  void givesWhatTheFloorGives(Side side) throws InterruptedException {
    Random random = new Random(42);
    try (Engine floor = Side.HASH_MAP.openWithLeaves();
        Engine engine = side.openWithLeaves()) {
      for (int i = 0; i < 20; i++) {
        Leaf leaf = new Leaf(random.nextInt(5));
        long value = random.nextInt(8);
        floor.set(leaf, value);
        engine.set(leaf, value);
        for (GraphBench.Shape shape : GraphBench.Shape.values()) {
          assertEquals(floor.get(shape.root), engine.get(shape.root), side + " " + shape);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EditBench.Change.class)
  void everyEditThatIsMeasuredChangesTheAnswer(EditBench.Change change)
      throws InterruptedException {
    boolean same = change == EditBench.Change.NOTHING || change == EditBench.Change.WIDE_CUT_OFF;
    try (Engine engine = Side.HASH_MAP.openWithLeaves()) {
      long before = engine.get(change.asked);
      for (int edit = 1; edit <= 3 && !same; edit++) {
        engine.set(change.edited, change.value(edit));
        long now = engine.get(change.asked);
        assertNotEquals(before, now, change + ", edit " + edit);
        before = now;
      }
    }
  }

  @Test
  void theEditThatIsCutOffChangesTheLeafAlone() throws InterruptedException {
    EditBench.Change change = EditBench.Change.WIDE_CUT_OFF;
    assertNotEquals(change.value(0), change.value(1));
    try (Engine engine = Side.HASH_MAP.openWithLeaves()) {
      long before = engine.get(change.asked);
      engine.set(change.edited, change.value(1));
      assertEquals(before, engine.get(change.asked));
    }
  }
}

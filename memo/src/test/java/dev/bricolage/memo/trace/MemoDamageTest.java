package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged nodes give a miss or a right value, and recording again heals them. */
final class MemoDamageTest {
  private static final int SHELVES = 1_500;

  private int hits;
  private int misses;

  @Test
  void damageIsAMissAndNeverAWrongValue() throws Exception {
    for (long seed = 0; seed < SHELVES; seed++) {
      damaged(seed);
    }
    System.out.println("memo damage: " + hits + " hits, " + misses + " misses");
    assertTrue(hits > 1_000 && misses > 1_000, hits + " hits, " + misses + " misses");
  }

  private void damaged(long seed) throws Exception {
    Play play = new Play(seed);
    Shelf shelf = new Shelf();
    TraceMemory old = new TraceMemory(shelf);
    Oracle oracle = new Oracle();
    for (int i = 0; i < 25; i++) {
      play.edit();
      Trace trace = play.run(play.key());
      oracle.record(trace);
      old.record(trace);
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      String where = "seed " + seed + " round " + round;
      for (int i = random.nextInt(6); i >= 0; i--) {
        shelf.damage(random);
      }
      play.edit();
      TraceMemory memo = random.nextBoolean() ? old : new TraceMemory(shelf);
      Question key = play.key();
      Recall recall = memo.recall(key, Trace.Order.ANY, play.world);
      Set<String> allowed = oracle.everFitting(key, play.world);
      if (recall instanceof Recall.Fits fits) {
        hits++;
        assertTrue(allowed.contains(fits.value()), where + ": " + fits + " of " + allowed);
      } else if (!allowed.isEmpty()) {
        misses++;
      }
      if (random.nextInt(3) == 0) {
        heal(where, memo, play, key, oracle);
      }
    }
  }

  private static void heal(String where, TraceMemory memo, Play play, Question key, Oracle oracle)
      throws Exception {
    Trace trace = play.run(key);
    oracle.record(trace);
    memo.record(trace);
    Recall.Fits fits =
        assertInstanceOf(Recall.Fits.class, memo.recall(key, Trace.Order.ANY, play.world), where);
    Set<String> allowed = oracle.everFitting(key, play.world);
    assertTrue(allowed.contains(fits.value()), where + ": " + fits + " of " + allowed);
  }
}

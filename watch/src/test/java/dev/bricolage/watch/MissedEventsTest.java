package dev.bricolage.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.engine.Memo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof that a missed event cannot give a stale answer to who asks for verified reads: random
 * edits of a real folder, told by a watcher that drops one in three, each answer compared with the
 * folder as it plainly is. A run differs only by its seed, which a failure names.
 */
final class MissedEventsTest {
  private static final int SEEDS = 60;
  private static final int TURNS = 25;

  @TempDir Path temporary;

  /** How the one who asks comes to today's answer. */
  private interface Reading {
    String read(Memo memo, Watch watch) throws InterruptedException;
  }

  private static final Reading PLAIN =
      (memo, watch) -> {
        watch.settle();
        return memo.get(Rendering.ALL);
      };

  private static final Reading VERIFIED =
      (memo, watch) -> {
        memo.verify(Durability.LOW);
        return memo.get(Rendering.ALL);
      };

  /** How many answers were stale, of {@code SEEDS * TURNS}. */
  private int stale(Reading reading, double dropped) throws Exception {
    int stale = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      stale += stale(reading, dropped, seed);
    }
    return stale;
  }

  private int stale(Reading reading, double dropped, int seed) throws Exception {
    Path root = Files.createDirectory(temporary.resolve("seed-" + seed)).toRealPath();
    Folder folder = Folder.at(root);
    FakeChanges changes = new FakeChanges();
    Memo memo = Memo.builder().view(folder).open();
    Random dice = new Random(seed);
    Playground playground = new Playground(root, seed);
    int stale = 0;
    try (Watch watch = Watch.over(root, memo, Folder::keysOf, changes)) {
      for (int turn = 0; turn < TURNS; turn++) {
        for (int edit = dice.nextInt(4); edit >= 0; edit--) {
          for (Playground.Touched touched : playground.edit()) {
            if (dice.nextDouble() >= dropped) {
              tell(changes, touched);
            }
          }
        }
        if (!reading.read(memo, watch).equals(Rendering.plainly(root))) {
          stale++;
        }
      }
    }
    return stale;
  }

  private static void tell(FakeChanges changes, Playground.Touched touched) {
    if (touched.folder()) {
      changes.tellFolder(touched.path());
    } else {
      changes.tell(touched.path());
    }
  }

  @Test
  void verifiedReadsAreNeverStale() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertEquals(0, stale(VERIFIED, 1.0 / 3, seed), "seed " + seed);
    }
  }

  @Test
  void verifiedReadsAreNeverStaleWhereNothingIsToldAtAll() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertEquals(0, stale(VERIFIED, 1, seed), "seed " + seed);
    }
  }

  /** The canary: were this to find nothing, the tests above would prove nothing. */
  @Test
  void plainReadsAreStaleWhereEventsAreMissed() throws Exception {
    int stale = stale(PLAIN, 1.0 / 3);
    assertTrue(stale > SEEDS, () -> "only " + stale + " stale answers");
  }

  /** So it is the missed events that made them stale. */
  @Test
  void plainReadsAreNotStaleWhereEverythingIsTold() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertEquals(0, stale(PLAIN, 0, seed), "seed " + seed);
    }
  }

  /** The same edits told by the kernel, while somebody else keeps asking. */
  @Test
  void plainReadsAreNotStaleWhereTheKernelTells() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      Path root = Files.createDirectory(temporary.resolve("seed-" + seed)).toRealPath();
      Folder folder = Folder.at(root);
      Memo memo = Memo.builder().view(folder).open();
      AtomicBoolean over = new AtomicBoolean();
      Thread asker = Thread.ofVirtual().start(() -> keepAsking(memo, over));
      try (Watch watch = Watch.over(folder, memo)) {
        Playground playground = new Playground(root, seed);
        for (int turn = 0; turn < TURNS; turn++) {
          for (int edit = turn % 4; edit >= 0; edit--) {
            playground.edit();
          }
          watch.settle();
          assertEquals(
              Rendering.plainly(root),
              current(memo, Rendering.ALL),
              "seed " + seed + ", turn " + turn);
        }
        assertEquals(new Watch.Mode.Listening(), watch.mode(), "seed " + seed);
      } finally {
        over.set(true);
        asker.join();
      }
    }
  }

  private static void keepAsking(Memo memo, AtomicBoolean over) {
    try {
      while (!over.get()) {
        current(memo, Rendering.ALL);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A background revision may end a request: who is told so asks again. */
  static <V> V current(Memo memo, Key<V> key) throws InterruptedException {
    while (true) {
      try {
        return memo.get(key);
      } catch (Superseded e) {
        // asks again
      }
    }
  }
}

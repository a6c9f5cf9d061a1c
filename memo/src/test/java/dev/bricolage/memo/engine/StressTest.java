package dev.bricolage.memo.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.ViewKey;
import dev.bricolage.memo.engine.Stage.Actor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many who ask, edit, interrupt and verify at random in random programs, over a store that fails,
 * with too little room and few slots. Each answer must be right in a revision between the question
 * and the answer, and none may be older than one that the same thread had before. In the end
 * everything is at rest: all slots are back, no node is claimed, no thread is left.
 *
 * <p>The programs come from a seed (system property stress.seed, a long; stress.seconds is how long
 * it takes); what the threads do with them is the machine's choice.
 */
final class StressTest {
  private static final long SEED = Long.getLong("stress.seed", 20251123);
  private static final int SECONDS = Integer.getInteger("stress.seconds", 10);
  private static final int ASKERS = 6;

  private final LongAdder answers = new LongAdder();
  private final LongAdder superseded = new LongAdder();
  private final LongAdder interrupted = new LongAdder();
  private final LongAdder edits = new LongAdder();

  @Test
  void everyAnswerIsRightAndAllIsAtRestAfterwards(@TempDir Path folder) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    int rounds = 0;
    for (long seed = SEED; System.nanoTime() < end; seed++, rounds++) {
      try {
        new Round(seed).play();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("stress.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
    assertNoThreadIsLeft(folder);
    System.out.printf(
        "memo stress from seed %d: %d rounds, %s answers, %s superseded, %s interrupted, %s edits%n",
        SEED, rounds, answers, superseded, interrupted, edits);
    assertTrue(answers.sum() > 1000 && edits.sum() > 20, "nothing happened");
  }

  /** One program, and what is done with it. */
  private final class Round {
    private final long seed;
    private final Maze maze;
    private final Shelves shelves = new Shelves();
    private final int slots;
    private final Memo memo;
    private final List<int[]> revisions = new CopyOnWriteArrayList<>();
    private final List<List<OptionalInt>> right = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile int[] world;
    private volatile boolean over;

    Round(long seed) {
      this.seed = seed;
      Random random = new Random(seed);
      maze = Maze.of(random);
      slots = 1 + random.nextInt(4);
      Memo.Builder builder =
          Memo.builder()
              .tasks(maze)
              .view(questions -> questions.stream().map(this::seen).toList())
              .traces(shelves, shelves, maze::key)
              .slots(slots);
      memo = (random.nextBoolean() ? builder.budget(1 + random.nextInt(40)) : builder).open();
      world = new int[maze.inputs];
    }

    private String seen(Question question) {
      return String.valueOf(world[Integer.parseInt(question.subject())]);
    }

    void play() throws Exception {
      tell(new Random(seed), maze.inputs);
      for (int i = 0; i < maze.inputs; i++) {
        memo.get(maze.key(i)); // so that what is seen is told of from now on
      }
      List<Actor<Boolean>> askers = new ArrayList<>();
      for (int i = 0; i < ASKERS; i++) {
        Random random = new Random(seed * 31 + i);
        askers.add(new Stage(i % 2 == 0).actor(() -> ask(random)));
      }
      Actor<Boolean> editor = new Stage(false).actor(() -> edit(new Random(seed + 1)));
      Actor<Boolean> gremlin = new Stage(false).actor(() -> disturb(new Random(seed + 2), askers));
      editor.gives();
      over = true;
      gremlin.gives();
      for (Actor<Boolean> asker : askers) {
        asker.gives();
      }
      shelves.fail(Integer.MAX_VALUE, Integer.MAX_VALUE, IllegalStateException::new);
      for (int at = 0; at < maze.size(); at++) {
        assertEquals(right.getLast().get(at), answer(at), "in the end, " + maze.key(at));
      }
      assertRest();
    }

    /** Some inputs are changed, in one revision. */
    private void tell(Random random, int count) throws InterruptedException {
      int[] next = world.clone();
      List<Integer> changed = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int input = count == maze.inputs ? i : random.nextInt(maze.inputs);
        next[input] = Maze.value(random);
        changed.add(input);
      }
      revisions.add(next);
      right.add(maze.plain(next));
      begun.set(revisions.size() - 1);
      world = next;
      memo.edit(edit -> {
        for (int input : changed) {
          if (maze.key(input) instanceof ViewKey<Integer> fact) {
            edit.changed(fact);
          } else {
            edit.set(maze.key(input), next[input]);
          }
        }
      });
      ended.set(revisions.size() - 1);
      edits.increment();
    }

    private boolean edit(Random random) throws InterruptedException {
      for (int i = 0; i < 60; i++) {
        long before = answers.sum();
        int pause = random.nextInt(60);
        long patience = System.nanoTime() + 20_000_000;
        while (answers.sum() < before + pause && System.nanoTime() < patience) {
          Thread.onSpinWait();
        }
        tell(random, 1 + random.nextInt(3));
        if (random.nextInt(8) == 0) {
          memo.verify(Durability.HIGH);
        }
      }
      return true;
    }

    /** Interrupts who asks, and takes the store away for a while. */
    private boolean disturb(Random random, List<Actor<Boolean>> askers) {
      while (!over) {
        long before = answers.sum();
        long patience = System.nanoTime() + 5_000_000;
        while (answers.sum() < before + 20 && System.nanoTime() < patience) {
          Thread.onSpinWait();
        }
        askers.get(random.nextInt(askers.size())).interrupt();
        if (random.nextInt(4) == 0) {
          int from = 1 + random.nextInt(10);
          shelves.fail(from, from + random.nextInt(5), IllegalStateException::new);
        }
      }
      return true;
    }

    /** Asks until all is over; time never runs backwards. */
    private boolean ask(Random random) {
      int known = 0;
      while (!over) {
        int at = random.nextInt(maze.size());
        int from = Math.max(known, ended.get());
        OptionalInt answer;
        try {
          answer = at >= maze.inputs && random.nextInt(50) == 0 ? fresh(at) : answer(at);
        } catch (Superseded again) {
          superseded.increment();
          continue;
        } catch (InterruptedException again) {
          interrupted.increment();
          continue;
        }
        int to = begun.get();
        int seenAt = from;
        while (seenAt <= to && !right.get(seenAt).get(at).equals(answer)) {
          seenAt++;
        }
        assertTrue(
            seenAt <= to,
            maze.key(at) + " is " + answer + ", which is right in none of " + from + ".." + to);
        known = seenAt;
        answers.increment();
      }
      return true;
    }

    private OptionalInt answer(int at) throws InterruptedException {
      try {
        return OptionalInt.of(memo.get(maze.key(at)));
      } catch (TaskFailed failed) {
        return failed(failed);
      }
    }

    private OptionalInt fresh(int at) throws InterruptedException {
      try {
        return OptionalInt.of(memo.fresh(maze.key(at), Asker.NOBODY));
      } catch (TaskFailed failed) {
        return failed(failed);
      }
    }

    private static OptionalInt failed(TaskFailed failed) {
      assertTrue(failed.toString().endsWith("Maze$Bad: bad"), failed.toString());
      return OptionalInt.empty();
    }

    private void assertRest() throws Exception {
      memo.engine.table.forEach(node ->
          assertFalse(
              node.state() instanceof State.Running running && !running.flight().strand.cancelled(),
              () -> node + " is still claimed: " + node.state()));
      long patience = System.nanoTime() + 10_000_000_000L;
      while (memo.engine.crew.free() != slots && System.nanoTime() < patience) {
        Thread.onSpinWait(); // a helper that came too late to help is about to give its slot back
      }
      assertEquals(slots, memo.engine.crew.free(), "slots that are free");
    }
  }

  /** Threads of the engine are virtual, and known to nobody but the machine. */
  private static void assertNoThreadIsLeft(Path folder) throws IOException {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    String dump = "";
    for (int look = 0; look < 100; look++) { // the last ones may be about to end
      Path file = folder.resolve("threads." + look);
      machine.dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      dump = Files.readString(file);
      if (!dump.contains("\"memo\" virtual")) {
        return;
      }
    }
    assertEquals("", dump);
  }
}

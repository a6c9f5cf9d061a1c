package dev.bricolage.memo.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few steps at the same instant, many times over: each actor is a real thread, all meet before
 * each round and then act on a scene of its own. Afterwards it is asked how the scene came out, and
 * all outcomes are counted. After jcstress (Shipilëv), which starts a machine for each test and
 * each way of compiling it, and cannot tell that an actor waits for ever.
 *
 * @param <S> the scene
 */
final class Race<S> {
  /** The outcome when somebody waits for ever. */
  static final String STUCK = "stuck";

  /** Scenes are made so many at a time, by one actor while the others wait. */
  private static final int STRIDE = 256;

  private static final int MUTANT_ROUNDS = 1_000_000;

  private final Supplier<S> scene;
  private final Function<S, String> outcome;
  private final List<Step<S>> actors = new ArrayList<>();
  private long patience = 20_000;
  private String sought = "";

  private Race(Supplier<S> scene, Function<S, String> outcome) {
    this.scene = scene;
    this.outcome = outcome;
  }

  /** What an actor does. */
  interface Step<S> {
    void by(S scene) throws Exception;
  }

  /** Others may run: there may be fewer processors than actors, and mistakes of an instant only. */
  @SuppressWarnings("ThreadPriorityCheck")
  static void pause() {
    Thread.yield();
  }

  /**
   * A race without actors.
   *
   * @param outcome what became of a scene, when all have acted
   */
  static <S> Race<S> of(Supplier<S> scene, Function<S, String> outcome) {
    return new Race<>(scene, outcome);
  }

  Race<S> actor(Step<S> step) {
    actors.add(step);
    return this;
  }

  /** Gives up when nothing moves for so long; milliseconds. */
  Race<S> patience(long millis) {
    patience = millis;
    return this;
  }

  /** What came out, and how often. */
  record Outcomes(Map<String, Integer> counts) {
    /** All of these came out, and nothing else: if one is missing there was no race. */
    Outcomes areAll(String... names) {
      return areAll(Set.of(names), Set.of());
    }

    /** All of the first came out, and otherwise nothing but the second. */
    Outcomes areAll(Set<String> seen, Set<String> rare) {
      Set<String> strange = new TreeSet<>(counts.keySet());
      strange.removeAll(seen);
      strange.removeAll(rare);
      assertTrue(strange.isEmpty(), () -> "outcomes that may not be: " + strange + " of " + counts);
      assertTrue(
          counts.keySet().containsAll(seen),
          () -> "there was no race: " + counts + ", not " + seen);
      return this;
    }
  }

  /** For a mutant: this wrong outcome comes, and then it is enough. */
  void catches(String wrong) throws Exception {
    sought = wrong;
    Map<String, Integer> counts = run(MUTANT_ROUNDS).counts;
    assertTrue(counts.containsKey(wrong), () -> "not caught: " + wrong + " is not in " + counts);
  }

  Outcomes run(int rounds) throws Exception {
    Run run = new Run(rounds);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < actors.size(); i++) {
      int actor = i;
      Thread thread = new Thread(() -> run.play(actor), "actor " + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    run.watch(threads);
    return new Outcomes(run.counts);
  }

  private final class Run {
    final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
    private final int rounds;
    private final CountDownLatch playing = new CountDownLatch(actors.size());
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private List<S> scenes = List.of();
    private volatile int ready = -1;
    private volatile boolean over;

    Run(int rounds) {
      this.rounds = rounds;
    }

    void play(int actor) {
      SplittableRandom random = new SplittableRandom(actor);
      try {
        for (int round = 0; meet(round) && round < rounds; round++) {
          S mine = scenes.get(round % STRIDE);
          for (int i = random.nextInt(40); i > 0; i--) {
            Thread.onSpinWait(); // nobody is always first
          }
          actors.get(actor).by(mine);
        }
      } catch (Throwable thrown) {
        if (!over) {
          failed.compareAndSet(null, thrown);
          over = true;
        }
      } finally {
        playing.countDown();
      }
    }

    /** Waits until all are here; false when it is over. */
    private boolean meet(int round) {
      int all = actors.size() * (round + 1);
      int stride = round / STRIDE;
      if (arrived.incrementAndGet() == all && (round % STRIDE == 0 || round == rounds)) {
        settle(round);
        ready = round == rounds ? stride + 1 : stride;
      }
      for (int spins = 0; arrived.get() < all || ready < stride; spins++) {
        if (over) {
          return false;
        }
        if (spins < 500) {
          Thread.onSpinWait();
        } else {
          pause();
        }
      }
      return !over;
    }

    /** All have acted on all scenes: how did they come out? */
    private void settle(int round) {
      int played = round == 0 ? 0 : (round - 1) % STRIDE + 1;
      for (S ended : scenes.subList(0, played)) {
        counts.merge(outcome.apply(ended), 1, Integer::sum);
      }
      if (counts.containsKey(sought)) {
        over = true;
      }
      List<S> next = new ArrayList<>(STRIDE);
      for (int i = 0; i < STRIDE; i++) {
        next.add(scene.get());
      }
      scenes = next;
    }

    /** Waits for the end, or until nothing moves any more. */
    void watch(List<Thread> threads) throws Exception {
      int before = -1;
      while (!playing.await(patience, TimeUnit.MILLISECONDS)) {
        if (arrived.get() == before) {
          over = true;
          threads.forEach(Thread::interrupt); // who is deaf to it stays where he is
          counts.put(STUCK, 1);
          return;
        }
        before = arrived.get();
      }
      Throwable thrown = failed.get();
      if (thrown != null) {
        throw new AssertionError("an actor failed: " + thrown, thrown);
      }
    }
  }
}

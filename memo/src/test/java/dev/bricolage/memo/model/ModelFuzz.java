package dev.bricolage.memo.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Plays many scenarios, and tells of the first that differs as little as is needed to see it. */
final class ModelFuzz {
  /** When all wait for each other, somebody must say so. */
  private static final Duration PATIENCE = Duration.ofMinutes(Long.getLong("model.patience", 30));

  private final Mutant mutant;
  private final Subject.Maker maker;
  private final Set<Long> playing = ConcurrentHashMap.newKeySet();
  final Tally tally = new Tally();

  /** Of the engine, perhaps broken. */
  ModelFuzz(Mutant mutant) {
    this(mutant, scenario -> new MemoSubject(scenario, mutant));
  }

  ModelFuzz(Mutant mutant, Subject.Maker maker) {
    this.mutant = mutant;
    this.maker = maker;
  }

  /** Plays these seeds on as many threads as there are processors. */
  void play(long first, long count) throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Boolean>> shares = new ArrayList<>();
    for (int share = 0; share < threads; share++) {
      long from = first + share;
      shares.add(() -> {
        for (long seed = from; seed < first + count && !stop.get(); seed += threads) {
          try {
            play(seed);
          } catch (AssertionError | Exception e) {
            stop.set(true);
            throw e;
          }
        }
        return true;
      });
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Boolean> share : shares.stream().map(pool::submit).toList()) {
        share.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError different) {
        throw different;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("still playing after " + PATIENCE + ", of seeds " + playing, e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Plays one seed. */
  void play(long seed) throws Exception {
    Scenario scenario = Scenario.of(seed, mutant);
    playing.add(seed);
    try {
      Duel.play(scenario, maker, tally);
    } catch (AssertionError | Exception different) {
      throw new AssertionError(
          report(new Shrinking(other -> different(other).isPresent()).least(scenario)), different);
    }
    playing.remove(seed);
  }

  private String report(Scenario scenario) {
    List<String> turns = new ArrayList<>();
    for (Turn turn : scenario.turns()) {
      turns.add("  " + turns.size() + " " + turn);
    }
    String told =
        """
        the engine differs from the model; replay with
          mvn -pl memo -am -Dtest=ModelFuzzTest#theEngineIsRightAndMinimal \
        -Dsurefire.failIfNoSpecifiedTests=false -Dmodel.seed=%d -Dmodel.count=1 verify
        a %s graph of %d tasks, budget %d, slots %d; it takes these turns:
        %s
        """
            .formatted(
                scenario.seed(),
                scenario.graph().shape(),
                scenario.graph().tasks().size(),
                scenario.budget(),
                scenario.slots(),
                String.join("\n", turns));
    return told + different(scenario).orElse("and then it did not differ again");
  }

  private Optional<String> different(Scenario scenario) {
    try {
      Duel.play(scenario, maker, new Tally());
      return Optional.empty();
    } catch (AssertionError | Exception different) {
      return Optional.of(String.valueOf(different));
    }
  }
}

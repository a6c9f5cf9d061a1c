package dev.bricolage.fuzz.ninja;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bricolage.fuzz.Fuzzer;
import dev.bricolage.fuzz.Game;
import dev.bricolage.fuzz.Shrinker;
import dev.bricolage.fuzz.Tally;
import dev.bricolage.fuzz.Workshop;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * {@code ./dev fuzz --ninja SEED [BUILDS]}: not part of the suite, which plays fixed seeds in
 * {@link NinjaFuzzTest}.
 */
final class NinjaFuzz {
  @Test
  void everyBuildComesToWhatItMust() throws Exception {
    alone(Long.getLong("fuzz.seed", 1), Integer.getInteger("fuzz.steps", 2000));
  }

  @Test
  void ninjaDoesTheSame() throws Exception {
    besideNinja(Long.getLong("fuzz.seed", 1), Integer.getInteger("fuzz.steps", 2000));
  }

  /** Anything is edited and looked at; builds are ended half way, and done by two at once. */
  static void alone(long seed, int builds) throws Exception {
    play(seed, builds, (workshop, tally) -> new NinjaGame(workshop, NinjaMutant.NONE, tally));
  }

  /** Both build. */
  static void besideNinja(long seed, int builds) throws Exception {
    play(seed, builds, BesideGame::new);
  }

  /** Plays, tells what was played, and fails with the smallest wrong answer. */
  private static void play(long seed, int builds, BiFunction<Workshop, Tally, Game> games)
      throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(games.apply(workshop, tally));
      long began = System.nanoTime();
      Optional<Fuzzer.Finding> found = fuzzer.play(seed, builds);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf("fuzz: seed %d, %s, %d s%n", seed, tally.edges(), took.toSeconds());
      if (found.isPresent()) {
        String whole = String.join("\n", found.get().lines());
        Fuzzer.Finding small = Shrinker.shrink(fuzzer, found.get(), Duration.ofSeconds(60));
        fail("At first:\n" + whole + "\nMade smaller: " + fuzzer.told(small));
      }
      assertTrue(
          tally.edgesBrought() > builds / 8,
          "too few edges came from memory to prove anything: " + tally.edges());
    }
  }
}

package dev.bricolage.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * {@code ./dev fuzz --builds SEED [BUILDS]}: not part of the suite, which plays fixed seeds in
 * {@link BuildFuzzTest}.
 */
final class BuildFuzz {
  @Test
  void everyBuildGivesWhatItGivesPlainly() throws Exception {
    play(Long.getLong("fuzz.seed", 1), Integer.getInteger("fuzz.steps", 500));
  }

  /** Plays, tells what was played, and fails with the smallest wrong answer. */
  static void play(long seed, int builds) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(new BuildGame(workshop, ToolMutant.NONE, tally));
      long began = System.nanoTime();
      Optional<Fuzzer.Finding> found = fuzzer.play(seed, builds);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf(
          "fuzz: seed %d, %s; %s, %d s%n", seed, tally, tally.tools(), took.toSeconds());
      if (found.isPresent()) {
        String whole = String.join("\n", found.get().lines());
        Fuzzer.Finding small = Shrinker.shrink(fuzzer, found.get(), Duration.ofSeconds(90));
        fail("At first:\n" + whole + "\nMade smaller: " + fuzzer.told(small));
      }
      assertTrue(
          tally.toolsRemembered() > builds,
          "too few tools were remembered to prove anything: " + tally.tools());
    }
  }
}

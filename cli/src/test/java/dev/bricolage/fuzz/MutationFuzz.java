package dev.bricolage.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * {@code ./dev fuzz SEED [TURNS]}: not part of the suite, which plays fixed seeds in {@link
 * MutationFuzzTest}.
 */
final class MutationFuzz {
  @Test
  void everyAnswerIsThatOfACleanRun() throws Exception {
    play(Long.getLong("fuzz.seed", 1), Integer.getInteger("fuzz.steps", 2000));
  }

  /** Plays, tells what was played, and fails with the smallest wrong answer. */
  static void play(long seed, int turns) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Fuzzer fuzzer = new Fuzzer(new RunGame(workshop, Mutant.NONE, new Tally()));
      long began = System.nanoTime();
      Optional<Fuzzer.Finding> found = fuzzer.play(seed, turns);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf("fuzz: seed %d, %s, %d s%n", seed, fuzzer.tally(), took.toSeconds());
      if (found.isPresent()) {
        String whole = String.join("\n", found.get().lines());
        Fuzzer.Finding small = Shrinker.shrink(fuzzer, found.get(), Duration.ofSeconds(90));
        fail("At first:\n" + whole + "\nMade smaller: " + fuzzer.told(small));
      }
      assertTrue(
          fuzzer.tally().remembered() * 10 > turns,
          "too few answers came from memory to prove anything: " + fuzzer.tally());
    }
  }
}

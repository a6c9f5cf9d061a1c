package dev.bricolage.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.testkit.gen.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixed seeds of the fuzzer, and the faults it must find. */
final class MutationFuzzTest {
  @ParameterizedTest
  @ValueSource(longs = {1_000, 2_000})
  void everyAnswerIsThatOfACleanRun(long seed) throws Exception {
    MutationFuzz.play(seed, 500);
  }

  /** A fuzzer that finds nothing may be blind. */
  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMutantIsFound(Mutant mutant) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Fuzzer fuzzer = new Fuzzer(new RunGame(workshop, mutant, new Tally()));
      Optional<Fuzzer.Finding> found = fuzzer.play(1_000, 1_000);
      System.out.printf("fuzz: %s found after %d turns%n", mutant, fuzzer.tally().turns());
      assertTrue(found.isPresent(), mutant + " was not found in " + fuzzer.tally());
    }
  }

  @Test
  void aSeedIsAScenario() {
    assertTrue(Scenario.of(7, 40).equals(Scenario.of(7, 40)));
    assertFalse(Scenario.of(7, 40).equals(Scenario.of(8, 40)));
  }
}

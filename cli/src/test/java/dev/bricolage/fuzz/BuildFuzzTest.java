package dev.bricolage.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fixed seeds of builds, and the faults in remembering tools that they must find. */
final class BuildFuzzTest {
  @Test
  void everyBuildGivesWhatItGivesPlainly() throws Exception {
    BuildFuzz.play(5_000, 500);
  }

  /**
   * A fuzzer that finds nothing may be blind. These are found within some tens of builds; the
   * others take longer than the suite has time for, or were not tried.
   */
  @ParameterizedTest
  @EnumSource(
      value = ToolMutant.class,
      names = {
        "BLIND_TO_ABSENCE",
        "BLIND_TO_ARCHIVES",
        "BLIND_TO_OBJECTS",
        "FORGETS_SOME",
        "KEY_WITHOUT_VARIABLES"
      })
  void everyMutantIsFound(ToolMutant mutant) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(new BuildGame(workshop, mutant, tally));
      Optional<Fuzzer.Finding> found = fuzzer.play(6_000, 500);
      System.out.printf("fuzz: %s found after %d builds%n", mutant, tally.turns());
      assertTrue(found.isPresent(), mutant + " was not found in " + tally);
    }
  }
}

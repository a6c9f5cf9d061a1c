package dev.bricolage.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fixed seeds of builds, and the faults in remembering tools that they must find. */
final class BuildFuzzTest {
  @Test
  void everyBuildGivesWhatItGivesPlainly() throws Exception {
    BuildFuzz.play(5_000, 250);
  }

  /** A fuzzer that finds nothing may be blind. */
  @ParameterizedTest
  @EnumSource(value = ToolMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMutantIsFound(ToolMutant mutant) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(new BuildGame(workshop, mutant, tally));
      Optional<Fuzzer.Finding> found = fuzzer.play(seed(mutant), 200);
      System.out.printf("fuzz: %s found after %d builds%n", mutant, tally.turns());
      assertTrue(found.isPresent(), mutant + " was not found in " + tally);
      assertFalse(found.get().lines().toString().contains(Fuzzer.FAILED), found.get()::toString);
    }
  }

  /** One from which it takes few builds. */
  private static long seed(ToolMutant mutant) {
    return switch (mutant) {
      case BLIND_TO_HEADERS, BLIND_TO_LINKS -> 6_002;
      case KEY_WITHOUT_MACROS, KEEPS_WHAT_IS_DELETED -> 6_003;
      case KEY_WITHOUT_INPUT -> 6_006;
      default -> 6_000;
    };
  }
}

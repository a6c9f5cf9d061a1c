package dev.bricolage.fuzz.ninja;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fuzz.Fuzzer;
import dev.bricolage.fuzz.Tally;
import dev.bricolage.fuzz.Workshop;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fixed seeds of manifests, and the faults that they must find. */
final class NinjaFuzzTest {
  @Test
  void everyBuildComesToWhatItMust() throws Exception {
    NinjaFuzz.alone(1_000, 200);
  }

  @Test
  void ninjaDoesTheSame() throws Exception {
    NinjaFuzz.besideNinja(4_000, 160);
  }

  /** A fuzzer that finds nothing may be blind. */
  @ParameterizedTest
  @EnumSource(value = NinjaMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMutantIsFound(NinjaMutant mutant) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(new NinjaGame(workshop, mutant, tally));
      Optional<Fuzzer.Finding> found = fuzzer.play(seed(mutant), 120);
      System.out.printf("fuzz: %s found after %d builds%n", mutant, tally.turns());
      assertTrue(found.isPresent(), mutant + " was not found in " + tally.edges());
      assertFalse(found.get().lines().toString().contains(Fuzzer.FAILED), found.get()::toString);
    }
  }

  /** One from which it takes few builds. */
  private static long seed(NinjaMutant mutant) {
    return switch (mutant) {
      case BLIND_TO_LISTINGS -> 2_008;
      case BLIND_TO_RESPONSE_FILES -> 2_005;
      default -> 2_000;
    };
  }
}

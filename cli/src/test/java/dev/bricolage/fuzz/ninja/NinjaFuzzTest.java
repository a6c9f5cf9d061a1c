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
    NinjaFuzz.play(1_000, 200);
  }

  /** A fuzzer that finds nothing may be blind. */
  @ParameterizedTest
  @EnumSource(value = NinjaMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMutantIsFound(NinjaMutant mutant) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      Tally tally = new Tally();
      Fuzzer fuzzer = new Fuzzer(new NinjaGame(workshop, mutant, tally));
      Optional<Fuzzer.Finding> found = fuzzer.play(2_000, 200);
      System.out.printf("fuzz: %s found after %d builds%n", mutant, tally.turns());
      assertTrue(found.isPresent(), mutant + " was not found in " + tally.edges());
      assertFalse(found.get().lines().toString().contains(Fuzzer.FAILED), found.get()::toString);
    }
  }
}

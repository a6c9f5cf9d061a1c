package dev.bricolage.memo.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine does what the model says, in every random scenario; and what does not is caught. A
 * longer run: {@code -Dmodel.seed=SEED -Dmodel.count=COUNT}; the same seeds are the same scenarios.
 */
final class ModelFuzzTest {
  private static final long SEED = Long.getLong("model.seed", 0);
  private static final long COUNT = Long.getLong("model.count", 20_000);

  /** A mutant that lives longer is as good as not caught. */
  private static final long BOUND = 2_000;

  @Test
  void theEngineIsRightAndMinimal() throws Exception {
    ModelFuzz fuzz = new ModelFuzz(Mutant.NONE);
    fuzz.play(SEED, COUNT);
    System.out.println("model fuzz from seed " + SEED + ": " + fuzz.tally);
    if (COUNT >= 1_000) {
      fuzz.tally.assertManySided();
    }
  }

  /** A chain of 300 in which many ask the one below them twice, and room for one value. */
  @Test
  void aBudgetTooSmallForOneRequestDoesNotMakeItExponential() throws Exception {
    new ModelFuzz(Mutant.NONE).play(10_015_825);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aMutantIsCaught(Mutant mutant) {
    ModelFuzz fuzz = new ModelFuzz(mutant);
    AssertionError caught =
        assertThrows(AssertionError.class, () -> fuzz.play(SEED, BOUND), mutant + " is not caught");
    String message = String.valueOf(caught.getMessage());
    assertTrue(message.startsWith("the engine differs from the model; replay with"), message);
    System.out.println(mutant + " is caught after " + fuzz.tally.scenarios + " scenarios");
  }

  @Test
  void theModelGivesWhatANaiveEngineGives() throws Exception {
    ModelFuzz fuzz = new ModelFuzz(Mutant.NONE, scenario -> new Naive(scenario, false));
    fuzz.play(SEED, BOUND);
  }

  @Test
  void aNaiveEngineRunsTooMuch() {
    ModelFuzz fuzz = new ModelFuzz(Mutant.NONE, scenario -> new Naive(scenario, true));
    assertThrows(AssertionError.class, () -> fuzz.play(SEED, BOUND));
  }
}

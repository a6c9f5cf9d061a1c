package dev.bricolage.memo.model;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Random scenarios on the engine and on the model. */
final class ModelFuzzTest {
  @Test
  void theModelGivesWhatANaiveEngineGives() throws Exception {
    ModelFuzz fuzz = new ModelFuzz(Cell.Sameness.EQUAL, scenario -> new Naive(scenario, false));
    fuzz.play(0, 2_000);
    System.out.println("naive engine: " + fuzz.tally);
  }

  @Test
  void aNaiveEngineIsRightButRunsTooMuch() {
    assertThrows(
        AssertionError.class,
        () ->
            new ModelFuzz(Cell.Sameness.EQUAL, scenario -> new Naive(scenario, true)).play(0, 100));
  }
}

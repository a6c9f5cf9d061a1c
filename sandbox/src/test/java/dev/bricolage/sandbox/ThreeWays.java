package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Runs with the recorder in no process, in each, and in half of them, of which the same is known.
 */
record ThreeWays(World world) {
  Result run(Plan.Recorder recorder, String... argv) throws IOException, InterruptedException {
    return world.run(plan -> plan.recorder(recorder), argv);
  }

  /**
   * Runs it in each way; what is known and what is said must be the same. Gives the one in each.
   */
  Result same(String... argv) throws IOException, InterruptedException {
    return same(plan -> plan, argv);
  }

  Result same(UnaryOperator<Plan.Builder> change, String... argv)
      throws IOException, InterruptedException {
    Result without = run(change, Plan.Recorder.OFF, argv);
    Result with = run(change, Plan.Recorder.ALL, argv);
    Result half = run(change, Plan.Recorder.HALF, argv);
    assertEquals(0, recorded(without));
    assertEquals(facts(without), facts(with));
    assertEquals(facts(without), facts(half));
    assertEquals(without.out() + without.err(), with.out() + with.err());
    assertEquals(without.out() + without.err(), half.out() + half.err());
    return with;
  }

  private Result run(UnaryOperator<Plan.Builder> change, Plan.Recorder recorder, String... argv)
      throws IOException, InterruptedException {
    return world.run(plan -> change.apply(plan.recorder(recorder)), argv).good();
  }

  private static Set<String> facts(Result result) {
    Set<String> facts = new TreeSet<>();
    result.ended().sightings().forEach(s -> facts.add(s.toString()));
    return facts;
  }

  static long recorded(Result result) {
    return result.ended().usage().recorded();
  }
}

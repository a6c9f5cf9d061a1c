package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Scenario;
import java.io.IOException;

/** What a {@link Fuzzer} plays. */
public interface Game {
  /** Turns of one scenario: long enough for many traces, short enough for many trees. */
  int length();

  /** The scenario of a seed. */
  Scenario scenario(long seed, int turns);

  /** A place for one scenario. */
  Playground open(Scenario scenario) throws IOException, InterruptedException;

  /** What was played so far. */
  Tally tally();

  /** The command that plays a seed again. */
  String again(long seed);
}

package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Scenario;
import java.io.IOException;

/** Programs that look at a tree and change it; whole runs are remembered. */
record RunGame(Workshop workshop, Mutant mutant, Tally tally) implements Game {
  @Override
  public int length() {
    return 60;
  }

  @Override
  public Scenario scenario(long seed, int turns) {
    return Scenario.of(seed, turns);
  }

  @Override
  public Playground open(Scenario scenario) throws IOException, InterruptedException {
    return new World(workshop, scenario, mutant, tally);
  }

  @Override
  public String again(long seed) {
    return "./dev fuzz %d %d".formatted(seed, length());
  }
}

package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Scenario;
import java.io.IOException;

/** C projects that are built; compilers are remembered one by one. */
record BuildGame(Workshop workshop, ToolMutant mutant, Tally tally) implements Game {
  @Override
  public int length() {
    return 25;
  }

  @Override
  public Scenario scenario(long seed, int turns) {
    return BuildVariations.scenario(seed, turns);
  }

  @Override
  public Playground open(Scenario scenario) throws IOException, InterruptedException {
    return new BuildWorld(workshop, scenario, mutant, tally);
  }

  @Override
  public String again(long seed) {
    return "./dev fuzz --builds %d %d".formatted(seed, length());
  }
}

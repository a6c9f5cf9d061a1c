package dev.bricolage.fuzz.ninja;

import dev.bricolage.fuzz.Game;
import dev.bricolage.fuzz.Playground;
import dev.bricolage.fuzz.Tally;
import dev.bricolage.fuzz.Workshop;
import dev.bricolage.testkit.gen.Scenario;
import java.io.IOException;

/** Manifests that are edited and built; edges are remembered one by one. */
record NinjaGame(Workshop workshop, NinjaMutant mutant, Tally tally) implements Game {
  @Override
  public int length() {
    return 40;
  }

  @Override
  public Scenario scenario(long seed, int turns) {
    return Ninjas.scenario(seed, turns, true);
  }

  @Override
  public Playground open(Scenario scenario) throws IOException, InterruptedException {
    return new NinjaWorld(workshop, scenario, mutant, tally);
  }

  @Override
  public String again(long seed) {
    return "./dev fuzz --ninja %d %d".formatted(seed, length());
  }
}

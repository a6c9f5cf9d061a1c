package dev.bricolage.fuzz.ninja;

import dev.bricolage.fuzz.Game;
import dev.bricolage.fuzz.Playground;
import dev.bricolage.fuzz.Tally;
import dev.bricolage.fuzz.Workshop;
import dev.bricolage.testkit.gen.Scenario;
import java.io.IOException;

/** The same manifests, as far as they tell ninja what it must know, built by both. */
record BesideGame(Workshop workshop, Tally tally) implements Game {
  @Override
  public int length() {
    return 40;
  }

  @Override
  public Scenario scenario(long seed, int turns) {
    return Ninjas.scenario(seed, turns, false);
  }

  @Override
  public Playground open(Scenario scenario) throws IOException, InterruptedException {
    return new BesideWorld(workshop, scenario, tally);
  }

  @Override
  public String again(long seed) {
    return "./dev fuzz --ninja %d %d".formatted(seed, length());
  }
}

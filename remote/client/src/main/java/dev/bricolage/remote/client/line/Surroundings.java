package dev.bricolage.remote.client.line;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Time and chance, which tests have their own of. */
public record Surroundings(InstantSource clock, Pause pause, RandomGenerator chance) {
  /** Waiting. */
  @FunctionalInterface
  public interface Pause {
    /** Waits this long. */
    void pause(Duration length) throws InterruptedException;
  }

  /** The real ones. */
  public static Surroundings real() {
    return new Surroundings(
        InstantSource.system(), Thread::sleep, RandomGenerator.of("L64X128MixRandom"));
  }
}

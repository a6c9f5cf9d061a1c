package dev.bricolage.testkit.gen;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random choices, the same for the same seed on every machine and JDK. */
public final class Dice {
  private final RandomGenerator random;

  /** Dice that fall as {@code seed} says. */
  public Dice(long seed) {
    // Named, because the default may change from JDK to JDK; mixed, because near seeds begin alike.
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L);
  }

  /** One of {@code 0..bound-1}. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** One of {@code low..high}. */
  public int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** Whether a chance of {@code percent} in a hundred came true. */
  public boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** One of the choices. */
  public <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** One of the choices. */
  @SafeVarargs
  public final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}

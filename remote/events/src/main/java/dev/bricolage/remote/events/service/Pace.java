package dev.bricolage.remote.events.service;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to try again after a failure.
 *
 * @param first the pause after the first failure; each further one is 1.6 times as long, less up to
 *     half of it by chance
 * @param longest what no pause exceeds
 * @param tries how many failures in a row, none of which brought anything further, are the end
 * @param silence how long a service may say nothing while it owes an answer
 */
record Pace(Duration first, Duration longest, int tries, Duration silence) {
  /** Five tries, as Bazel's. */
  static final Pace USUAL =
      new Pace(Duration.ofSeconds(1), Duration.ofSeconds(15), 5, Duration.ofMinutes(1));

  /** How long to wait after so many failures in a row, at least 1. */
  Duration pause(int failures) {
    double grown = Math.pow(1.6, failures - 1) * first.toNanos() / 1_000_000;
    long most = Math.min((long) grown, longest.toMillis());
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}

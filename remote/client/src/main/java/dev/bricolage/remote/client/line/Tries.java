package dev.bricolage.remote.client.line;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often something was tried, and how long to wait before the next time: a random part of a
 * bound that doubles ("full jitter", Brooker 2015), so that clients which failed together do not
 * come back together. For one caller.
 */
public final class Tries {
  static final Duration FIRST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofSeconds(10);

  private final int retries;
  private final RandomGenerator chance;
  private int failed;
  private int all;

  Tries(int retries, RandomGenerator chance) {
    this.retries = retries;
    this.chance = chance;
  }

  /** Something was gained, a few bytes of many: counting begins anew. */
  public void progressed() {
    failed = 0;
  }

  /** It failed; whether it may be tried again. */
  boolean failed() {
    failed++;
    all++;
    return failed <= retries;
  }

  /** How often it failed in all. */
  int count() {
    return all;
  }

  /** How long to wait now, at least as long as the server asks for. */
  Duration delay(Duration asked) {
    long bound = FIRST.toMillis() << Math.min(20, failed - 1);
    long millis = chance.nextLong(Math.min(bound, LONGEST.toMillis()) + 1);
    return asked.toMillis() > millis ? asked : Duration.ofMillis(millis);
  }
}

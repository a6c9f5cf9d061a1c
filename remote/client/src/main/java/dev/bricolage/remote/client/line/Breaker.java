package dev.bricolage.remote.client.line;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Keeps us from a server that is sick: after {@value #FAILURES} failures within {@link #WINDOW}
 * that no success made good it lets nobody through for a while, then one caller to see whether it
 * is well again. Each time it is not, the while doubles. (Nygard, "Release It!": circuit breaker.)
 */
final class Breaker {
  static final int FAILURES = 12;
  static final Duration WINDOW = Duration.ofSeconds(30);
  static final Duration SHORTEST_REST = Duration.ofSeconds(5);
  static final Duration LONGEST_REST = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final Deque<Instant> failures = new ArrayDeque<>();
  private Duration rest = SHORTEST_REST;
  private Optional<Instant> openUntil = Optional.empty();
  private boolean probing;

  Breaker(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Asks to be let through; who was must tell of its end.
   *
   * @return how long the server is left alone yet; empty for whoever may call it
   */
  synchronized Optional<Duration> enter() {
    if (openUntil.isEmpty()) {
      return Optional.empty();
    }
    Duration left = Duration.between(clock.instant(), openUntil.get());
    if (left.isPositive()) {
      return Optional.of(left);
    }
    if (probing) {
      return Optional.of(Duration.ZERO);
    }
    probing = true;
    return Optional.empty();
  }

  /** The server answered, whatever it said. */
  synchronized void good() {
    if (openUntil.isPresent() && !probing) {
      return; // a call from before it was opened
    }
    if (probing) {
      failures.clear();
    } else {
      failures.pollFirst();
    }
    openUntil = Optional.empty();
    probing = false;
    rest = SHORTEST_REST;
  }

  /**
   * It did not, or only to say that it cannot.
   *
   * @param weight how many failures this counts for
   */
  synchronized void bad(int weight) {
    Instant now = clock.instant();
    if (probing) {
      rest = rest.multipliedBy(2).compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest.multipliedBy(2);
      open(now);
      return;
    }
    for (int i = 0; i < weight; i++) {
      failures.addLast(now);
    }
    while (failures.getFirst().isBefore(now.minus(WINDOW))) {
      failures.removeFirst();
    }
    if (failures.size() >= FAILURES && openUntil.isEmpty()) {
      open(now);
    }
  }

  private void open(Instant now) {
    openUntil = Optional.of(now.plus(rest));
    probing = false;
  }

  /** The caller gave up before it knew. */
  synchronized void neither() {
    probing = false;
  }

  /** Whether callers are kept away. */
  synchronized boolean isOpen() {
    return openUntil.isPresent() && clock.instant().isBefore(openUntil.get());
  }
}

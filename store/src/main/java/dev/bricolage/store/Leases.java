package dev.bricolage.store;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The leases of this process. */
final class Leases {
  private final Map<Object, Instant> starts = new ConcurrentHashMap<>();
  private final Clock clock;

  Leases(Clock clock) {
    this.clock = clock;
  }

  Lease begin() {
    Object key = new Object();
    starts.put(key, clock.instant());
    return () -> starts.remove(key);
  }

  /** When the longest held one began. */
  Optional<Instant> oldest() {
    return starts.values().stream().min(Instant::compareTo);
  }
}

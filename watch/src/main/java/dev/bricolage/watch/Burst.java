package dev.bricolage.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Changes that were told in short order, and will be one revision. Times are nanoseconds of {@link
 * System#nanoTime}. Not thread-safe.
 */
final class Burst {
  /**
   * Saving a file is some events within a millisecond, checking out a branch thousands in a row.
   */
  static final Duration QUIET = Duration.ofMillis(20);

  /** Who writes without a pause is heard all the same. */
  static final Duration LONGEST = Duration.ofMillis(200);

  /** More paths than this are not worth telling apart: looking at all of them is faster. */
  private static final int MANY = 10_000;

  private final Set<Path> paths = new LinkedHashSet<>();
  private boolean compare;
  private Optional<String> lost = Optional.empty();
  private boolean begun;
  private long first;
  private long last;

  /** One path changed. */
  void changed(Path path, long now) {
    at(now);
    if (!compare) {
      paths.add(path);
      if (paths.size() > MANY) {
        compareAll(now);
      }
    }
  }

  /** Everything has to be looked at again. */
  void compareAll(long now) {
    at(now);
    compare = true;
    paths.clear();
  }

  /** Everything has to be looked at again, and listening be begun anew. */
  void lost(String reason, long now) {
    compareAll(now);
    lost = lost.or(() -> Optional.of(reason));
  }

  private void at(long now) {
    first = begun ? first : now;
    last = now;
    begun = true;
  }

  boolean isEmpty() {
    return !begun;
  }

  /** Nanoseconds until it is over, if nothing else happens; not positive when it is. */
  long remaining(long now) {
    return Math.min(last + QUIET.toNanos() - now, first + LONGEST.toNanos() - now);
  }

  /** What changed; means nothing when all is to be compared. */
  Set<Path> paths() {
    return paths;
  }

  boolean comparesAll() {
    return compare;
  }

  /** Why listening is to be begun anew; empty when it is not. */
  Optional<String> lost() {
    return lost;
  }
}

package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Which blobs were marked as used a short while ago and need not be again. The mark itself is the
 * blob file's atime, set by hand: it costs one system call, needs no table, and every process sees
 * it at once.
 */
final class LastUse {
  /** How stale an atime may be, in nanoseconds; far less than {@link StoreGc#GRACE}. */
  static final long RENEW = 15 * 60 * 1_000_000_000L;

  private static final int MOST = 100_000;

  private final Set<Digest> marked = ConcurrentHashMap.newKeySet();
  private final LongSupplier clock;
  private final AtomicLong since;

  /** Counts time with {@code clock}, in nanoseconds from anywhere. */
  LastUse(LongSupplier clock) {
    this.clock = clock;
    this.since = new AtomicLong(clock.getAsLong());
  }

  /** Whether this use must be written down; says so once a quarter of an hour. */
  boolean due(Digest digest) {
    long start = since.get();
    long now = clock.getAsLong();
    boolean old = now - start > RENEW || marked.size() > MOST;
    if (old && since.compareAndSet(start, now)) {
      marked.clear();
    }
    return marked.add(digest);
  }

  /** The blob is gone, so its next use is a first one. */
  void forget(Digest digest) {
    marked.remove(digest);
  }
}

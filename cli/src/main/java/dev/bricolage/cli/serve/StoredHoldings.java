package dev.bricolage.cli.serve;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.store.Shelf;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Holdings that outlast the server. */
final class StoredHoldings implements Holdings {
  private static final byte[] HELD = {};

  /**
   * Looking at a million blobs takes seconds; a tenant at its limit would have it done each time.
   */
  private static final Duration BETWEEN_SETTLINGS = Duration.ofMinutes(1);

  private final Shelf shelf;
  private final InstantSource clock;
  private final Map<String, Sum> sums = new ConcurrentHashMap<>();

  StoredHoldings(Shelf shelf, InstantSource clock) {
    this.shelf = shelf;
    this.clock = clock;
  }

  /** One tenant's; its lock is the tenant's. */
  private static final class Sum {
    private long bytes;
    private Instant settled = Instant.MIN;

    Sum(long bytes) {
      this.bytes = bytes;
    }
  }

  @Override
  public boolean holds(String tenant, Digest blob) {
    return shelf.get(tenant, blob).isPresent();
  }

  @Override
  public void add(String tenant, Collection<Digest> blobs) {
    Sum sum = sum(tenant);
    synchronized (sum) {
      for (Digest blob : blobs) {
        if (!holds(tenant, blob)) {
          shelf.put(tenant, blob, HELD);
          sum.bytes += blob.size();
        }
      }
    }
  }

  @Override
  public long bytes(String tenant) {
    Sum sum = sum(tenant);
    synchronized (sum) {
      return sum.bytes;
    }
  }

  @Override
  public void settle(String tenant, Predicate<Digest> stored) {
    Sum sum = sum(tenant);
    synchronized (sum) {
      Instant now = clock.instant();
      if (sum.settled.isAfter(now.minus(BETWEEN_SETTLINGS))) {
        return;
      }
      sum.settled = now;
      List<Digest> lost = shelf.keys(tenant).stream().filter(stored.negate()).toList();
      shelf.remove(tenant, lost);
      sum.bytes -= lost.stream().mapToLong(Digest::size).sum();
    }
  }

  private Sum sum(String tenant) {
    return sums.computeIfAbsent(tenant, name -> new Sum(shelf.bytes(name)));
  }
}

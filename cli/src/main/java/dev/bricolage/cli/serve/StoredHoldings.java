package dev.bricolage.cli.serve;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.store.Shelf;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Holdings that outlast the server. */
final class StoredHoldings implements Holdings {
  private static final byte[] HELD = {};

  private final Shelf shelf;
  private final Map<String, AtomicLong> sums = new ConcurrentHashMap<>();

  StoredHoldings(Shelf shelf) {
    this.shelf = shelf;
  }

  @Override
  public boolean holds(String tenant, Digest blob) {
    return shelf.get(tenant, blob).isPresent();
  }

  @Override
  public void add(String tenant, Collection<Digest> blobs) {
    AtomicLong sum = sum(tenant);
    synchronized (sum) {
      for (Digest blob : blobs) {
        if (!holds(tenant, blob)) {
          shelf.put(tenant, blob, HELD);
          sum.addAndGet(blob.size());
        }
      }
    }
  }

  @Override
  public long bytes(String tenant) {
    return sum(tenant).get();
  }

  private AtomicLong sum(String tenant) {
    return sums.computeIfAbsent(tenant, name -> new AtomicLong(shelf.bytes(name)));
  }
}

package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.action.Digest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Which blobs a tenant has proved to hold, by uploading all their bytes, or was given by its own
 * results. All tenants' blobs lie in one store; this is why none can read another's by knowing a
 * digest. Forgetting is safe: the tenant uploads again. For any number of threads.
 */
public interface Holdings {
  /** Whether the tenant holds this blob, whether or not the store still has it. */
  boolean holds(String tenant, Digest blob);

  /** The tenant holds these from now on. */
  void add(String tenant, Collection<Digest> blobs);

  /** How many bytes it holds in sum, those of blobs among them that the store has lost. */
  long bytes(String tenant);

  /**
   * Lets go of what the store has lost, so that it does not count any more. Looks at every blob of
   * the tenant's, and so does nothing when it did a short while ago.
   *
   * @param stored whether the store has a blob
   */
  void settle(String tenant, Predicate<Digest> stored);

  /** Holdings that last as long as the process. */
  static Holdings memory() {
    record Held(Set<Digest> blobs, LongAdder bytes) {}
    return new Holdings() {
      private final Map<String, Held> all = new ConcurrentHashMap<>();

      private Held of(String tenant) {
        return all.computeIfAbsent(
            tenant, name -> new Held(ConcurrentHashMap.newKeySet(), new LongAdder()));
      }

      @Override
      public boolean holds(String tenant, Digest blob) {
        return of(tenant).blobs().contains(blob);
      }

      @Override
      public void add(String tenant, Collection<Digest> blobs) {
        Held held = of(tenant);
        for (Digest blob : blobs) {
          if (held.blobs().add(blob)) {
            held.bytes().add(blob.size());
          }
        }
      }

      @Override
      public long bytes(String tenant) {
        return of(tenant).bytes().sum();
      }

      @Override
      public void settle(String tenant, Predicate<Digest> stored) {
        Held held = of(tenant);
        for (Digest blob : held.blobs()) {
          if (!stored.test(blob) && held.blobs().remove(blob)) {
            held.bytes().add(-blob.size());
          }
        }
      }
    };
  }

  /** Everybody holds everything: for a server whose tenants trust each other. */
  static Holdings shared() {
    return new Holdings() {
      @Override
      public boolean holds(String tenant, Digest blob) {
        return true;
      }

      @Override
      public void add(String tenant, Collection<Digest> blobs) {}

      @Override
      public long bytes(String tenant) {
        return 0;
      }

      @Override
      public void settle(String tenant, Predicate<Digest> stored) {}
    };
  }
}

package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.action.Digest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

  /** How many bytes it holds in sum. */
  long bytes(String tenant);

  /** Holdings that last as long as the process. */
  static Holdings memory() {
    return new Holdings() {
      private final Map<String, Set<Digest>> held = new ConcurrentHashMap<>();

      private Set<Digest> of(String tenant) {
        return held.computeIfAbsent(tenant, name -> ConcurrentHashMap.newKeySet());
      }

      @Override
      public boolean holds(String tenant, Digest blob) {
        return of(tenant).contains(blob);
      }

      @Override
      public void add(String tenant, Collection<Digest> blobs) {
        of(tenant).addAll(blobs);
      }

      @Override
      public long bytes(String tenant) {
        return of(tenant).stream().mapToLong(Digest::size).sum();
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
    };
  }
}

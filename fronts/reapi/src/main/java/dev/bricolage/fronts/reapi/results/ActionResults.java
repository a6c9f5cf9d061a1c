package dev.bricolage.fronts.reapi.results;

import dev.bricolage.action.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Encoded results by tenant and the digest of the action. May forget any of them at any time. For
 * any number of threads.
 */
public interface ActionResults {
  /** What is known of this action. */
  Optional<byte[]> get(String tenant, Digest action);

  /** Keeps this, in place of what was known before. */
  void put(String tenant, Digest action, byte[] result);

  /** Results that last as long as the process. */
  static ActionResults memory() {
    record Key(String tenant, Digest action) {}
    return new ActionResults() {
      private final Map<Key, byte[]> results = new ConcurrentHashMap<>();

      @Override
      public Optional<byte[]> get(String tenant, Digest action) {
        return Optional.ofNullable(results.get(new Key(tenant, action))).map(byte[]::clone);
      }

      @Override
      public void put(String tenant, Digest action, byte[] result) {
        results.put(new Key(tenant, action), result.clone());
      }
    };
  }
}

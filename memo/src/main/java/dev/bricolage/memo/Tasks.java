package dev.bricolage.memo;

import java.util.Optional;

/** Says how keys are computed; a key without a task is an input. */
@FunctionalInterface
public interface Tasks {
  /** Queries compute themselves, and all other keys are inputs. */
  Tasks QUERIES = Tasks::ofQuery;

  /** The task of this key, the same at all times; empty for an input. */
  <V> Optional<Task<V>> of(Key<V> key);

  private static <V> Optional<Task<V>> ofQuery(Key<V> key) {
    return key instanceof Query<V> query ? Optional.of(query) : Optional.empty();
  }
}

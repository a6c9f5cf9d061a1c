package dev.bricolage.model;

import java.util.Optional;

/**
 * A task for each key, and what is to be remembered of it.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface Program<K, V> {
  /** How this key is computed, the same at all times; empty for an input. */
  Optional<Task<K, V>> task(K key);

  /** The result of an input that has no value. */
  Result<V> missing(K input);

  /** Whether who asked cannot tell these two apart: then nothing after this key is redone. */
  default boolean same(K key, Result<V> before, Result<V> now) {
    return before.equals(now);
  }

  /**
   * Whether this result of a task may be remembered at all; what rests on one that may not is not
   * remembered either.
   */
  default boolean remembers(K key, Result<V> result) {
    return true;
  }

  /** Whether this run is remembered by what outlasts the process. */
  default boolean records(K key, Run<K, V> run) {
    return false;
  }
}

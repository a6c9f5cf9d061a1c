package dev.bricolage.model;

import java.util.List;
import java.util.function.Function;

/**
 * How a key is computed, as a tree: a monadic task whose only effect is asking. What it asks next,
 * and what it gives, is a pure function of the answers so far.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public sealed interface Task<K, V> {
  /** It is done. */
  record Gives<K, V>(Result<V> result) implements Task<K, V> {}

  /**
   * It asks a group of keys, none for the sake of another's answer, and goes on with their results,
   * given in the same order. It never sees a {@link Result.Cycle}: who asks a key without an answer
   * has none.
   */
  record Asks<K, V>(List<K> group, Function<List<Result<V>>, Task<K, V>> then)
      implements Task<K, V> {
    /** Copies. */
    public Asks {
      group = List.copyOf(group);
    }
  }
}

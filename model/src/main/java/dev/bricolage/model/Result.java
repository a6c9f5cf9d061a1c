package dev.bricolage.model;

/**
 * What a key comes to.
 *
 * @param <V> the type of values
 */
public sealed interface Result<V> {
  /** The task gave this. */
  record Value<V>(V value) implements Result<V> {}

  /** The task failed; a failure is an answer like any other. */
  record Failure<V>(String text) implements Result<V> {}

  /** The key asks itself, by way of others or not, or asks a key that does: there is no answer. */
  record Cycle<V>() implements Result<V> {}
}

package dev.bricolage.memo;

import java.util.Optional;

/**
 * A question. Two keys are the same when they are {@link Object#equals equal}, and then their
 * {@link #question} is. A key never names the {@link View} it is asked in, so that what was
 * remembered of it in one checkout answers in any other. Records make the best keys: they are
 * equal, hashed, printed and encoded by their components.
 *
 * @param <V> the type of its value; values are immutable
 */
public interface Key<V> {
  /**
   * Its canonical encoding. A record is encoded by its name, the names and types of its components,
   * and their values.
   *
   * @throws IllegalArgumentException when a component is of a type that has no encoding
   */
  default Question question() {
    return RecordCodec.question(this);
  }

  /**
   * How its value is written; a key without a codec cannot be asked by a {@link Persistent} one.
   */
  default Optional<Codec<V>> codec() {
    return Optional.empty();
  }

  /** Whether who asked does not care for the difference: then nothing after this is redone. */
  default boolean same(V before, V now) {
    return before.equals(now);
  }

  /** How often it changes when it is an input; what is computed changes as often as its inputs. */
  default Durability durability() {
    return Durability.LOW;
  }

  /** Whether a failure is as good a value as any. If not, it is told to who asks and forgotten. */
  default boolean keepsFailures() {
    return true;
  }

  /** What a value weighs against the memo's budget, in units of the caller's choice. */
  default long weight(V value) {
    return 1;
  }
}

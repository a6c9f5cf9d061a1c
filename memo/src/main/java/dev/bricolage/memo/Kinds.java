package dev.bricolage.memo;

import java.util.Optional;

/** Turns questions of remembered traces back into keys, to ask them in today's view. */
@FunctionalInterface
public interface Kinds {
  /** No question is known. */
  Kinds NONE = question -> Optional.empty();

  /** The key with this question; empty when there is none, as after its encoding has changed. */
  Optional<Key<?>> key(Question question);

  /**
   * The questions of these keys, as {@link Key#question} encodes them. One that an older program
   * wrote, of a record that has changed since or had another {@link Persistent#version}, is not
   * known.
   *
   * @param keys classes of records that are keys and leave {@code question()} as it is
   * @throws IllegalArgumentException when one is no such class, or has a component without encoding
   */
  static Kinds ofRecords(Class<?>... keys) {
    return new RecordKinds(keys);
  }
}

package dev.bricolage.memo.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Key;

/** Whether a new value is the one that was there before: early cut-off. */
final class Sameness {
  private Sameness() {}

  static <V> boolean of(Key<V> key, Object before, Object now) {
    if (now instanceof State.Failure failure) {
      return before instanceof State.Failure earlier && earlier.same(failure);
    }
    V value = cast(key, now);
    return switch (before) {
      case State.Failure failure -> false;
      case State.Dropped dropped ->
          dropped.digest().isPresent()
              && key.codec().isPresent()
              && dropped.digest().get().equals(Digest.of(key.codec().get().encode(value)));
      default -> key.same(cast(key, before), value);
    };
  }

  /** What the node of this key has for its value. */
  @SuppressWarnings({"unchecked", "unused"})
  static <V> V cast(Key<V> key, Object value) {
    return (V) value;
  }
}

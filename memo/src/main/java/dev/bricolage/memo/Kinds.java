package dev.bricolage.memo;

import java.util.Optional;

/** Turns questions of remembered traces back into keys, to ask them in today's view. */
@FunctionalInterface
public interface Kinds {
  /** No question is known. */
  Kinds NONE = question -> Optional.empty();

  /** The key with this question; empty when there is none, as after its encoding has changed. */
  Optional<Key<?>> key(Question question);
}

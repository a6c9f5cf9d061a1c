package dev.bricolage.memo.engine;

import dev.bricolage.memo.Key;

/** An input that nobody gave a value. */
final class NotSet extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotSet(Key<?> key) {
    super(
        key + " is an input that was never set: set it in an edit, or give its key a task",
        null,
        false,
        false);
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // the class says nothing that people need
  public String toString() {
    return String.valueOf(getMessage());
  }
}

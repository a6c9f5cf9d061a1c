package dev.bricolage.memo;

/** A key's task threw: the key has this failure instead of a value. */
public final class TaskFailed extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Key<?> key;

  /** A failure of {@code key}. */
  public TaskFailed(Key<?> key, Throwable cause) {
    super(key + " failed: " + cause, cause, false, true);
    this.key = key;
  }

  /** Whose task threw. */
  public Key<?> key() {
    return key;
  }
}

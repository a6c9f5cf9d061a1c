package dev.bricolage.memo;

/**
 * A key's task threw: the key has this failure instead of a value.
 *
 * <p>Where a key far down fails, all above it fail of it, each with one of these: so it has no
 * stack trace of its own, which the cause has, and its message is put together when it is read.
 */
public final class TaskFailed extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Key<?> key;
  private final Throwable failure;

  /** A failure of {@code key}. */
  public TaskFailed(Key<?> key, Throwable cause) {
    super(null, cause, false, false);
    this.key = key;
    this.failure = cause;
  }

  /** What its task threw; the cause. */
  public Throwable failure() {
    return failure;
  }

  @Override
  public String getMessage() {
    StringBuilder text = new StringBuilder();
    Throwable at = this;
    while (at instanceof TaskFailed failed) {
      text.append(at == this ? "" : TaskFailed.class.getName() + ": ");
      text.append(failed.key).append(" failed: ");
      at = failed.failure;
    }
    return text.append(at).toString();
  }

  /** Whose task threw. */
  public Key<?> key() {
    return key;
  }
}

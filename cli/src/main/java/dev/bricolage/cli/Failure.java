package dev.bricolage.cli;

import java.util.Objects;

/**
 * An operating error that ends a request: told to the user as {@code bric: MESSAGE}, with an exit
 * status and no stack trace. The message names the need, the place and the way out.
 */
public final class Failure extends Exception {
  private final ExitStatus status;

  public Failure(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  public Failure(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** What the process ends with. */
  public ExitStatus status() {
    return status;
  }
}

package dev.bricolage.workspace;

import java.io.IOException;

/** An outcome could not be brought into the workspace; it is remembered all the same. */
public final class CannotWrite extends IOException {
  private static final long serialVersionUID = 1;

  /** A message that names the place, the reason and the way out. */
  public CannotWrite(String message) {
    super(message);
  }
}

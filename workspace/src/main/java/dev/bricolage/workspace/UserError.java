package dev.bricolage.workspace;

import java.io.IOException;

/** Something the user asked for or has in the workspace that we cannot work with; told as it is. */
public final class UserError extends IOException {
  private static final long serialVersionUID = 1;

  /** A message that names the need, the place and the way out. */
  public UserError(String message) {
    super(message);
  }
}

package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import java.io.IOException;

/** A blob that was in the store a moment ago is not there or is damaged. */
public final class MissingBlob extends IOException {
  private static final long serialVersionUID = 1;

  /** This one. */
  public MissingBlob(Digest digest) {
    super("the store lost " + digest.brief() + " while it was needed");
  }
}

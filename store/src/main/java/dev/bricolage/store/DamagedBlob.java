package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.io.IOException;

/** A blob's bytes were not its digest's. By now it is removed, so asking again finds it missing. */
public final class DamagedBlob extends IOException {
  private static final long serialVersionUID = 1;

  /** The blob {@code wanted} held other bytes. */
  public DamagedBlob(Digest wanted) {
    super("the stored blob " + wanted + " was damaged and is removed; what made it will run again");
  }
}

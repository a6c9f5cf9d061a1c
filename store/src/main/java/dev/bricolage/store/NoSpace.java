package dev.bricolage.store;

import java.nio.file.Path;

/** The store's disk is full. Nothing torn is left behind: what could not be kept is missing. */
public final class NoSpace extends StoreException {
  private static final long serialVersionUID = 1;

  /** No room under {@code home}; the message says how much there is. */
  public NoSpace(Path home, Throwable cause) {
    super(
        "no space left in the store %s (%s free): run 'bric store gc', free some disk, or set BRIC_HOME to a folder with room"
            .formatted(home, free(home)),
        cause);
  }

  private static String free(Path home) {
    long bytes = home.toFile().getUsableSpace();
    return bytes < 10 << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
  }
}

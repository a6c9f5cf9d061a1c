package dev.bricolage.store;

/**
 * The store itself cannot go on: it is of a newer format, cannot be opened, its disk fails. The
 * message names the folder and the way out. Not thrown for damage, which is only a miss.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure found by the store. */
  public StoreException(String message) {
    super(message);
  }

  /** A failure of something below the store. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.bricolage.memo.engine;

/** Only what is remembered was wanted, and nothing is. */
final class Unremembered extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unremembered() {
    super("nothing is remembered", null, false, false);
  }
}

package dev.bricolage.memo.engine;

/** A failure that was recalled: what is left of it is what it said. */
final class RememberedFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  RememberedFailure(String text) {
    super(text, null, false, false);
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // the class says nothing that people need
  public String toString() {
    return String.valueOf(getMessage());
  }
}

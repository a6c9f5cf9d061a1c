package dev.bricolage.memo;

/** Inputs were set while this was computed, so nobody wants its value. Ask again. */
public final class Superseded extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Ended for the sake of this revision. */
  public Superseded(long revision) {
    super("superseded by revision " + revision, null, false, false);
  }
}

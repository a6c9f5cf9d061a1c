package dev.bricolage.fronts.ninja.build;

/** A build has ended before its end. */
public final class Stopped extends Exception {
  private static final long serialVersionUID = 1;

  private Stopped(String reason) {
    super(reason, null, false, false);
  }

  /** For this reason, in ninja's words. */
  static Stopped because(String reason) {
    return new Stopped(reason);
  }

  /**
   * Edges have failed.
   *
   * @param allowed how many may; 0 for any number
   * @param reached whether so many have, so that what is left was not tried
   */
  static Stopped failed(int allowed, boolean reached) {
    if (!reached) {
      return new Stopped("cannot make progress due to previous errors");
    }
    return new Stopped(allowed > 1 ? "subcommands failed" : "subcommand failed");
  }

  /** Why, in ninja's words. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}

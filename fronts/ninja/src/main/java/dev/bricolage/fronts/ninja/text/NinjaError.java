package dev.bricolage.fronts.ninja.text;

/**
 * Something that ninja refuses, in ninja's words. A message about a place in a file reads {@code
 * file:line: what}, a line break, and, unless the place is the line's beginning or too far right to
 * show, the line and {@code ^ near here} below it.
 */
public final class NinjaError extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean fatal;

  private NinjaError(String message, boolean fatal) {
    super(message, null, false, false);
    this.fatal = fatal;
  }

  /** What ninja reports and then ends with status 1. */
  public static NinjaError error(String message) {
    return new NinjaError(message, false);
  }

  /** What ninja dies of on the spot, also with status 1. */
  public static NinjaError fatal(String message) {
    return new NinjaError(message, true);
  }

  /** Whether ninja would say {@code fatal} rather than {@code error}. */
  public boolean isFatal() {
    return fatal;
  }

  /** The message, never absent. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** What ninja prints, without the line break that ends it. */
  public String printed() {
    return (fatal ? "ninja: fatal: " : "ninja: error: ") + text();
  }
}

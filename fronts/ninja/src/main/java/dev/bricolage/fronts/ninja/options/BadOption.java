package dev.bricolage.fronts.ninja.options;

/** An option that is none, or has an argument too many or too few; told as GNU getopt does. */
public final class BadOption extends Exception {
  private static final long serialVersionUID = 1;

  BadOption(String complaint) {
    super(complaint, null, false, false);
  }

  /** What is wrong, without the program's name before it. */
  public String complaint() {
    return String.valueOf(getMessage());
  }
}

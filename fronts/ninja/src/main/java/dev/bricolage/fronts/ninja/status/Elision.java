package dev.bricolage.fronts.ninja.status;

/** Makes a line fit a terminal. */
public final class Elision {
  private static final String DOTS = "...";

  private Elision() {}

  /** The line itself if it fits, or its beginning and its end with dots between. */
  public static String middle(String line, int width) {
    if (line.length() <= width) {
      return line;
    }
    if (width <= DOTS.length()) {
      return DOTS.substring(0, Math.max(width, 0));
    }
    int side = (width - DOTS.length()) / 2;
    return line.substring(0, side) + DOTS + line.substring(line.length() - side);
  }
}

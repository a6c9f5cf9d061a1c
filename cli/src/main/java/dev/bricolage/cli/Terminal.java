package dev.bricolage.cli;

/**
 * What the client's standard descriptors are.
 *
 * @param stdin whether descriptor 0 is a terminal
 * @param stdout whether descriptor 1 is a terminal
 * @param stderr whether descriptor 2 is a terminal
 * @param columns width in characters, 0 when there is no terminal
 * @param rows height in characters, 0 when there is no terminal
 */
public record Terminal(boolean stdin, boolean stdout, boolean stderr, int columns, int rows) {
  /** No descriptor is a terminal. */
  public static final Terminal NONE = new Terminal(false, false, false, 0, 0);

  Terminal resized(int newColumns, int newRows) {
    return new Terminal(stdin, stdout, stderr, newColumns, newRows);
  }
}

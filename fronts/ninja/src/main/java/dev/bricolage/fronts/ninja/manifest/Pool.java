package dev.bricolage.fronts.ninja.manifest;

/**
 * A limit on how many edges run at once.
 *
 * @param name empty for the pool that edges are in when they name none
 * @param depth how many; 0 is no limit
 */
public record Pool(String name, int depth) {
  /** No limit of its own. */
  public static final Pool DEFAULT = new Pool("", 0);

  /** One at a time, with the terminal for itself. */
  public static final Pool CONSOLE = new Pool("console", 1);

  /** Whether edges in it have the terminal for themselves. */
  public boolean isConsole() {
    return name.equals(CONSOLE.name);
  }
}

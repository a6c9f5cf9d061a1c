package dev.bricolage.sandbox;

/**
 * A question that a process of the sandbox asked of its files.
 *
 * @param path physical and absolute in the sandbox: no links, no dots
 * @param existed whether there was something at the path when this was first asked; if the view
 *     that the run started from says otherwise, the path changed under the run, or the run itself
 *     changed it
 */
public record Sighting(Kind kind, String path, boolean existed) {
  /** How much was asked, in the order of the wire's numbers. */
  public enum Kind {
    /** What is there, as lstat tells: absence, type, size, the executable bit, a link's target. */
    STAT,
    /** The bytes of a regular file. */
    CONTENT,
    /** The names in a directory. */
    LIST
  }
}

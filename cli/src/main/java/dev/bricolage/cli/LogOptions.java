package dev.bricolage.cli;

/** {@code bric log}: which runs to tell of. */
public sealed interface LogOptions {
  /** Whether to answer in JSON. */
  boolean json();

  /**
   * {@code bric log}: the last runs, newest first.
   *
   * @param limit how many, at least 1
   */
  record Latest(int limit, boolean json) implements LogOptions {}

  /** {@code bric log show ID}: everything about one run. */
  record Show(String id, boolean json) implements LogOptions {}
}

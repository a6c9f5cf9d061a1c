package dev.bricolage.workspace;

/**
 * Which outputs come into the workspace; the others stay in the store, or at the server that has
 * them, until somebody reads them.
 */
public enum Download {
  /** All. */
  ALL,
  /** Those of what was asked for; not what was made on the way to it. */
  TOPLEVEL,
  /** None. */
  MINIMAL
}

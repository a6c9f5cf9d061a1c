package dev.bricolage.fronts.ninja.manifest;

/**
 * What the user chose with {@code -w}.
 *
 * @param duplicatesAreErrors whether two edges with one output end the reading, or the second gives
 *     it up with a warning
 * @param phonyCyclesAreErrors whether a phony edge that names its output as its input stays a
 *     cycle, or the input is dropped with a warning
 */
public record Choices(boolean duplicatesAreErrors, boolean phonyCyclesAreErrors) {
  /** What holds without {@code -w}. */
  public static final Choices USUAL = new Choices(true, false);
}

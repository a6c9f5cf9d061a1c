package dev.bricolage.execute;

import dev.bricolage.memo.Recall;
import java.time.Duration;
import java.util.List;

/**
 * What became of one tool that a build started.
 *
 * @param argv its words
 * @param remembered whether memory answered
 * @param took from its start to its end, memory or not
 * @param saved how long it took when it ran, for one that was remembered
 * @param why why memory did not answer: {@code first time}, {@code differs}, {@code lost}, or what
 *     kept it from being asked; empty for one that was remembered
 * @param differences for {@code differs}: what stood against the nearest trace
 * @param forgotten why this run is not remembered, or empty
 */
public record InnerRun(
    List<String> argv,
    boolean remembered,
    Duration took,
    Duration saved,
    String why,
    List<Recall.Difference> differences,
    String forgotten) {
  /** Copies. */
  public InnerRun {
    argv = List.copyOf(argv);
    differences = List.copyOf(differences);
  }
}

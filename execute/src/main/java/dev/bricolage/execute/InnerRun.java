package dev.bricolage.execute;

import dev.bricolage.memo.Recall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of one tool that a build started.
 *
 * @param argv its words; of very many, the first
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
  private static final int MOST_TOLD = 64 << 10;

  /** Copies. */
  public InnerRun {
    argv = brief(argv);
    differences = List.copyOf(differences);
  }

  /** Words up to some length: a history of megabytes is read by nobody. */
  private static List<String> brief(List<String> argv) {
    List<String> words = new ArrayList<>();
    int length = 0;
    for (String word : argv) {
      length += word.length() + 1;
      if (length > MOST_TOLD) {
        words.add("... and " + (argv.size() - words.size()) + " more words");
        break;
      }
      words.add(word);
    }
    return List.copyOf(words);
  }
}

package dev.bricolage.fronts.ninja.options;

import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may have meant who wrote something else. */
public final class Spelling {
  private static final int FARTHEST_GUESS = 3;

  private Spelling() {}

  /** The first of those nearest to a word, unless all are too far away. */
  public static Optional<String> nearest(String word, Stream<String> candidates) {
    Optional<String> nearest = Optional.empty();
    int least = FARTHEST_GUESS + 1;
    for (String candidate : (Iterable<String>) candidates::iterator) {
      if (Math.abs(candidate.length() - word.length()) >= least) {
        continue;
      }
      int distance = distance(candidate, word);
      if (distance < least) {
        least = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** {@code ", did you mean 'clean'?"}, or nothing. */
  public static String hint(String word, Stream<String> candidates) {
    return nearest(word, candidates).map(guess -> ", did you mean '" + guess + "'?").orElse("");
  }

  /** How many letters to put in, take out or replace (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}

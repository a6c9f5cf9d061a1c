package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.List;
import java.util.Optional;

/** Paths as the user names them on the command line. */
public final class Targets {
  private static final int FARTHEST_GUESS = 3;

  private Targets() {}

  /**
   * The paths these words name, or what is built by default if there are none.
   *
   * @throws NinjaError if a word names no path of the manifest
   */
  public static Ints of(Manifest manifest, List<String> words) throws NinjaError {
    if (words.isEmpty()) {
      return manifest.defaultTargets();
    }
    int[] paths = new int[words.size()];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = of(manifest, words.get(i));
    }
    return Ints.of(paths);
  }

  /** The path one word names; {@code foo.c^} is the first thing made of {@code foo.c}. */
  public static int of(Manifest manifest, String word) throws NinjaError {
    if (word.isEmpty()) {
      throw NinjaError.error("empty path");
    }
    String path = Manifest.canonical(word);
    boolean firstProduct = path.endsWith("^");
    String name = firstProduct ? path.substring(0, path.length() - 1) : path;
    int number = manifest.findPath(name);
    if (number == Manifest.NONE) {
      throw NinjaError.error("unknown target '" + name + "'" + hint(manifest, name));
    }
    if (!firstProduct) {
      return number;
    }
    Ints consumers = manifest.consumers(number);
    if (consumers.isEmpty()) {
      throw NinjaError.error("'" + name + "' has no out edge");
    }
    return manifest.edge(consumers.get(0)).outputs().get(0);
  }

  private static String hint(Manifest manifest, String name) {
    return switch (name) {
      case "clean" -> ", did you mean 'ninja -t clean'?";
      case "help" -> ", did you mean 'ninja -h'?";
      default -> nearest(manifest, name).map(guess -> ", did you mean '" + guess + "'?").orElse("");
    };
  }

  private static Optional<String> nearest(Manifest manifest, String name) {
    Optional<String> nearest = Optional.empty();
    int least = FARTHEST_GUESS + 1;
    for (int path = 0; path < manifest.pathCount(); path++) {
      String candidate = manifest.path(path);
      if (Math.abs(candidate.length() - name.length()) >= least) {
        continue;
      }
      int distance = distance(candidate, name);
      if (distance < least) {
        least = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
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

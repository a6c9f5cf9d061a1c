package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.options.Spelling;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.List;
import java.util.stream.IntStream;

/** Paths as the user names them on the command line. */
public final class Targets {
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
      default ->
          Spelling.hint(name, IntStream.range(0, manifest.pathCount()).mapToObj(manifest::path));
    };
  }
}

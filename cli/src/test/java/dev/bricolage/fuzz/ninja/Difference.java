package dev.bricolage.fuzz.ninja;

import dev.bricolage.testkit.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A case in which {@code bric ninja} does something else than ninja, on purpose. How it is written
 * down is said in {@code differences.ninja}.
 *
 * @param name its name in {@code docs/design/ninja-differences.md}
 * @param files by path
 */
record Difference(String name, Map<String, String> files, List<Step> steps) {
  /** What all manifests begin with. */
  static final String RULE = "rule r\n  command = : $id; $do\n  description = @$id\n";

  /**
   * An edit and two builds.
   *
   * @param script what a person does; {@code V=...} sets a variable from then on
   * @param told lines that say what became of it, in the order they stand there
   */
  record Step(String script, List<String> told) {}

  static Difference of(Chunk chunk) {
    Map<String, String> files = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>();
    String file = "";
    for (String line : chunk.text().lines().toList()) {
      if (line.startsWith("= ")) {
        file = line.substring(2);
        files.put(file, file.endsWith("build.ninja") || file.equals("other") ? RULE : "");
      } else if (line.startsWith("$ ")) {
        steps.add(new Step(line.substring(2), new ArrayList<>()));
      } else if (steps.isEmpty()) {
        files.merge(file, line + "\n", String::concat);
      } else {
        steps.getLast().told().add(line.strip());
      }
    }
    return new Difference(chunk.expected(), files, steps);
  }

  /** A line of edges, as it stands in a case: those brought have a star. */
  static String line(String who, Iterable<String> ran, Iterable<String> brought) {
    TreeSet<String> words = new TreeSet<>();
    ran.forEach(words::add);
    for (String name : brought) {
      if (!words.contains(name)) {
        words.add(name + "*");
      }
    }
    List<String> all = new ArrayList<>(List.of(who));
    all.addAll(words);
    return String.join(" ", all);
  }

  /** The words of a line. */
  static List<String> words(String line) {
    return Arrays.asList(line.split(" ", -1));
  }

  @Override
  public String toString() {
    return name;
  }
}

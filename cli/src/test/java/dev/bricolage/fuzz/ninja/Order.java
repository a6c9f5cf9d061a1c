package dev.bricolage.fuzz.ninja;

import dev.bricolage.testkit.gen.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * What a turn asks for.
 *
 * @param folder the build folder, from the workspace's root
 * @param words the command line
 * @param restart whether the daemon ends and starts before
 * @param endAfter after how many commands an attempt before is interrupted; 0 for none
 * @param twice whether two do it at once
 */
record Order(String folder, List<String> words, boolean restart, int endAfter, boolean twice) {
  static final String RESTART = "!restart";
  static final String TWICE = "!twice";
  static final String END = "!end";
  private static final String SHARED = "--shared-path";

  static Order of(Turn turn) {
    List<String> lines = turn.program().lines();
    return new Order(
        "b" + turn.workspace() % 2,
        lines.stream().filter(line -> !line.startsWith("!")).toList(),
        lines.contains(RESTART),
        lines.stream()
            .filter(line -> line.startsWith(END))
            .mapToInt(line -> Integer.parseInt(line.substring(END.length())))
            .findFirst()
            .orElse(0),
        lines.contains(TWICE));
  }

  /** The same, in half of all turns with the workspace at the path that all checkouts share. */
  Order sometimesShared(Turn turn) {
    List<String> more = new ArrayList<>(words);
    if (turn.edits().toString().length() % 2 == 1) {
      more.add(SHARED);
    }
    return new Order(folder, List.copyOf(more), restart, endAfter, twice);
  }

  /** Whether commands see it there. */
  boolean isShared() {
    return words.contains(SHARED);
  }

  /** What is to be built. */
  List<String> targets() {
    List<String> targets = words.stream().filter(word -> !word.startsWith("-")).toList();
    return targets.isEmpty() ? List.of("all") : targets;
  }

  /** Whether one failure does not keep others from being run. */
  boolean keepsGoing() {
    return words.contains("-k0");
  }
}

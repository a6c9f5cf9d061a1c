package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.options.Spelling;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** What {@code -t} runs instead of a build, in the order of ninja's own list. */
public enum Subtool {
  BROWSE("the graph as web pages, served until ctrl-C"),
  CLEAN("removes what was built"),
  COMMANDS("the commands that make targets, in order"),
  INPUTS("everything that targets are made from"),
  DEPS("what commands said they read, from the deps log"),
  MISSINGDEPS("generated files that are read without being declared"),
  GRAPH("targets as a graph for Graphviz"),
  QUERY("what one path is made from, and what from it"),
  TARGETS("targets by rule, by depth, or all"),
  COMPDB("a compilation database in JSON"),
  RECOMPACT("writes the logs anew, without what is dead"),
  RESTAT("enters the present times of outputs into the build log"),
  RULES("the names of rules"),
  CLEANDEAD("removes what was built and is not in the manifest any more");

  private final String purpose;

  Subtool(String purpose) {
    this.purpose = purpose;
  }

  /**
   * The tool of this name.
   *
   * @throws NinjaError if there is none
   */
  public static Subtool named(String name) throws NinjaError {
    for (Subtool tool : values()) {
      if (tool.word().equals(name)) {
        return tool;
      }
    }
    throw NinjaError.fatal("unknown tool '" + name + "'" + Spelling.hint(name, words()));
  }

  /** What {@code -t list} prints. */
  public static String list() {
    StringBuilder list = new StringBuilder("ninja subtools:\n");
    for (Subtool tool : values()) {
      list.append(String.format(Locale.ROOT, "%11s  %s\n", tool.word(), tool.purpose));
    }
    return list.toString();
  }

  /** The name it is called by. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it works without a manifest. */
  public boolean needsNoManifest() {
    return this == RESTAT;
  }

  private static Stream<String> words() {
    return Arrays.stream(values()).map(Subtool::word);
  }
}

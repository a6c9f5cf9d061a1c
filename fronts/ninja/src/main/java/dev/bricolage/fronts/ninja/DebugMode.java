package dev.bricolage.fronts.ninja;

import dev.bricolage.fronts.ninja.options.Spelling;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Arrays;
import java.util.Locale;

/** What {@code -d} turns on. */
public enum DebugMode {
  /** How often things were done, and how long they took. */
  STATS("how often things were done, and how long they took"),
  /** Why edges are run. */
  EXPLAIN("why edges are run"),
  /** Depfiles stay. */
  KEEPDEPFILE("depfiles stay when they have been read"),
  /** Response files stay. */
  KEEPRSP("response files stay when their command has ended well"),
  /** Needs that nobody declared are told. */
  MISSINGDEPS("which edges look for what others make and do not say that they need it");

  private final String purpose;

  DebugMode(String purpose) {
    this.purpose = purpose;
  }

  /**
   * The mode of this name.
   *
   * @throws NinjaError if there is none
   */
  static DebugMode named(String name) throws NinjaError {
    for (DebugMode mode : values()) {
      if (mode.word().equals(name)) {
        return mode;
      }
    }
    throw NinjaError.error(
        "unknown debug setting '"
            + name
            + "'"
            + Spelling.hint(name, Arrays.stream(values()).map(DebugMode::word)));
  }

  /** What {@code -d list} prints. */
  static String list() {
    StringBuilder list = new StringBuilder("debugging modes:\n");
    for (DebugMode mode : values()) {
      list.append(String.format(Locale.ROOT, "  %-11s  %s\n", mode.word(), mode.purpose));
    }
    return list.append("several: -d stats -d explain\n").toString();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

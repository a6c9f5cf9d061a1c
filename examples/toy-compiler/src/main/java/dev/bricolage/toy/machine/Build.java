package dev.bricolage.toy.machine;

import dev.bricolage.toy.syntax.Problem;
import java.util.List;

/** What compiling came to. */
public sealed interface Build {
  /** All is well. */
  record Done(Executable executable) implements Build {}

  /** Something is wrong: all that is, file by file, from top to bottom. */
  record Failed(List<Finding> findings) implements Build {
    /** Copies. */
    public Failed {
      findings = List.copyOf(findings);
    }
  }

  /**
   * A problem and its file.
   *
   * @param problem counted from the beginning of the file
   */
  record Finding(String file, Problem problem) {}
}

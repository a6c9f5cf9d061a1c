package dev.bricolage.testkit.gen;

import java.util.List;
import java.util.Map;

/**
 * Some edits, then a run.
 *
 * @param workspace which of the checkouts
 * @param edits what a person does to it before
 * @param hostEdits what happens to the host's folder before
 * @param program what runs
 * @param directory where, relative to the workspace's root; empty for the root
 * @param variables given with {@code -e}
 */
public record Turn(
    int workspace,
    List<Edit> edits,
    List<Edit> hostEdits,
    Program program,
    String directory,
    Map<String, String> variables) {

  /** The same with other edits. */
  public Turn withEdits(List<Edit> other) {
    return new Turn(workspace, other, hostEdits, program, directory, variables);
  }

  /** The same with another program. */
  public Turn withProgram(Program other) {
    return new Turn(workspace, edits, hostEdits, other, directory, variables);
  }
}

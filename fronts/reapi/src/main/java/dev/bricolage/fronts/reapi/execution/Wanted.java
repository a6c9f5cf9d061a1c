package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.TreePath;
import dev.bricolage.remote.protocol.Reapi.Command.OutputDirectoryFormat;
import java.util.List;

/**
 * Which outputs an action's client wants back.
 *
 * @param outputs in the order asked for
 * @param format how folders are described
 */
record Wanted(TreePath directory, List<Output> outputs, OutputDirectoryFormat format) {
  /** Which field of {@code Command} named it: before 2.1 that said what it had to be. */
  enum Kind {
    FILE,
    FOLDER,
    ANY
  }

  /** A path as the client wrote it, below the working directory. */
  record Output(String path, Kind kind) {}

  /** Where it is in the tree. */
  TreePath place(Output output) {
    if (output.path().isEmpty()) {
      return directory;
    }
    return directory.equals(TreePath.ROOT)
        ? new TreePath(output.path())
        : new TreePath(directory.value() + "/" + output.path());
  }
}

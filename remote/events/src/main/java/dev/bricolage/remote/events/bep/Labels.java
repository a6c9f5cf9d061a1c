package dev.bricolage.remote.events.bep;

import dev.bricolage.action.event.Target;
import java.nio.file.Path;

/**
 * Names for what has paths. Viewers group targets by the part before the colon, as Bazel's packages
 * are folders: {@code out/lib/x.a} in the workspace is {@code //out/lib:x.a}. What lies elsewhere
 * is the machine's: {@code @machine//usr/lib:x.a}.
 */
final class Labels {
  private final Path workspace;

  Labels(String workspace) {
    this.workspace = Path.of(workspace);
  }

  String of(Target target) {
    Path path = Path.of(target.path());
    boolean inside = path.startsWith(workspace) && !path.equals(workspace);
    Path from = inside ? workspace.relativize(path) : Path.of("/").relativize(path);
    int names = from.getNameCount();
    String folder = names == 1 ? "" : from.subpath(0, names - 1).toString();
    return (inside ? "" : "@machine") + "//" + folder + ":" + from.getName(names - 1);
  }

  /** As Bazel names outputs: below the workspace if it is there, else absolute. */
  String output(String path) {
    Path there = Path.of(path);
    return there.startsWith(workspace) ? workspace.relativize(there).toString() : path;
  }
}

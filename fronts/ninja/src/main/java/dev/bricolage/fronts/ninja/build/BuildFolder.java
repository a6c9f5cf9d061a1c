package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.TreePath;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder ninja runs in, and the workspace around it. Commands see the workspace under its own
 * path: a manifest of CMake's is full of it.
 *
 * @param paths where the manifest's paths are
 */
public record BuildFolder(Workspace workspace, ManifestPaths paths) {

  /**
   * The folder, in a workspace that holds all files that edges name and that are not the machine's.
   *
   * @throws dev.bricolage.workspace.UserError when that would take too much into the sandbox
   */
  static BuildFolder of(ManifestPaths paths, Optional<Path> home) throws IOException {
    return new BuildFolder(Workspace.spanning(paths.folder(), paths.outside(), home), paths);
  }

  /** Real absolute path. */
  public Path folder() {
    return paths.folder();
  }

  /** The path at this absolute name, if an edge runs for it. */
  Optional<Integer> made(String absolute) {
    return Optional.ofNullable(paths.made().get(absolute));
  }

  /** Where commands see the workspace. */
  public String mount() {
    return workspace.root().toString();
  }

  /** The folder's own place in the workspace. */
  public TreePath inside() {
    return workspace.locate(folder()).orElseThrow();
  }

  /** The place of a path as ninja spells it; empty for one of the machine's. */
  public Optional<TreePath> place(String path) {
    return workspace.locate(onDisk(path));
  }

  /** The file itself. */
  public Path onDisk(String path) {
    return folder().resolve(path).normalize();
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.mount.Mount;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The folder ninja runs in, and the workspace around it.
 *
 * @param paths where the manifest's paths are
 * @param mount where commands see the workspace
 */
public record BuildFolder(Workspace workspace, ManifestPaths paths, Mount mount) {

  /**
   * The folder, in a workspace that holds all files that edges name and that are not the machine's.
   *
   * @param mount where to see a workspace with this root
   * @throws dev.bricolage.workspace.UserError when that would take too much into the sandbox
   */
  static BuildFolder of(ManifestPaths paths, Optional<Path> home, Mounting mount)
      throws IOException {
    Workspace workspace = Workspace.spanning(paths.folder(), paths.outside(), home);
    return new BuildFolder(workspace, paths, mount.of(workspace.root()));
  }

  /** Chooses where commands see a workspace. */
  @FunctionalInterface
  interface Mounting {
    Mount of(Path root) throws IOException;
  }

  /** Real absolute path. */
  public Path folder() {
    return paths.folder();
  }

  /** The path at this absolute name in the checkout, if an edge runs for it. */
  Optional<Integer> made(String absolute) {
    return Optional.ofNullable(paths.made().get(absolute));
  }

  /** Where commands see the folder. */
  String directory() {
    String inside = inside().value();
    return inside.isEmpty() ? mount.at() : mount.at() + "/" + inside;
  }

  /** The platform of commands that see the workspace there. */
  SortedMap<String, String> platform(Runs runs) {
    return mount.shared() ? runs.aliasedPlatform(mount.at()) : runs.platform(mount.at(), List.of());
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

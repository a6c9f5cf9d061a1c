package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folder ninja runs in, and the workspace around it. Commands see the workspace under its own
 * path: a manifest of CMake's is full of it.
 *
 * @param folder real absolute path
 * @param made the paths that edges run for, by their absolute names
 */
public record BuildFolder(Path folder, Workspace workspace, Map<String, Integer> made) {

  /**
   * The folder, in a workspace that holds all files that edges name and that are not the machine's.
   *
   * @param machine folders that every command sees anyway
   * @throws dev.bricolage.workspace.UserError when that would take too much into the sandbox
   */
  public static BuildFolder of(
      Path folder, Manifest manifest, List<String> machine, Optional<Path> home)
      throws NinjaError, IOException {
    Path real = folder.toRealPath();
    List<Path> places = new ArrayList<>();
    for (int path = 0; path < manifest.pathCount(); path++) {
      Path place = real.resolve(manifest.path(path)).normalize();
      if (machine.stream().noneMatch(place::startsWith)) {
        places.add(place);
      }
    }
    return new BuildFolder(real, Workspace.spanning(real, places, home), made(real, manifest));
  }

  private static Map<String, Integer> made(Path folder, Manifest manifest) throws NinjaError {
    Map<String, Integer> made = new HashMap<>();
    for (int path = 0; path < manifest.pathCount(); path++) {
      int producer = manifest.producer(path);
      if (producer != Manifest.NONE
          && !manifest.edge(producer).isPhony()
          && !manifest.edge(producer).flag("generator")) {
        made.put(folder.resolve(manifest.path(path)).normalize().toString(), path);
      }
    }
    return Map.copyOf(made);
  }

  /** The path at this absolute name, if an edge runs for it. */
  Optional<Integer> made(String absolute) {
    return Optional.ofNullable(made.get(absolute));
  }

  /** Where commands see the workspace. */
  public String mount() {
    return workspace.root().toString();
  }

  /** The folder's own place in the workspace. */
  public TreePath inside() {
    return workspace.locate(folder).orElseThrow();
  }

  /** The place of a path as ninja spells it; empty for one of the machine's. */
  public Optional<TreePath> place(String path) {
    return workspace.locate(onDisk(path));
  }

  /** The file itself. */
  public Path onDisk(String path) {
    return folder.resolve(path).normalize();
  }
}

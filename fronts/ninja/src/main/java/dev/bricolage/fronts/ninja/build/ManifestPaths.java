package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.act.ActEdges;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the paths of a manifest are, when ninja runs in a folder.
 *
 * @param folder real absolute path
 * @param made the paths that edges run for, by their absolute names; generators and acts left out
 * @param folders where they lie, those above included but for what is above {@code folder}
 * @param generators the edges that make what a build begins with
 * @param lateGenerators of these, those that make no file of the manifest itself
 * @param acts the edges that are done for their effect
 * @param outside paths that lie outside of the folder and are not the machine's
 * @param dyndeps the dyndep files, as the manifest spells them
 */
public record ManifestPaths(
    Path folder,
    Map<String, Integer> made,
    Set<Path> folders,
    List<Integer> generators,
    List<Integer> lateGenerators,
    Set<Integer> acts,
    List<Path> outside,
    Set<String> dyndeps) {

  /**
   * Looks at all paths and edges.
   *
   * @param machine folders that every command sees anyway
   */
  static ManifestPaths of(Path folder, Manifest manifest, List<String> machine) throws NinjaError {
    List<Integer> generators = new ArrayList<>();
    ActEdges actEdges = new ActEdges(manifest);
    Set<Integer> acts = new HashSet<>();
    BitSet makers = new BitSet();
    for (int number = 0; number < manifest.edgeCount(); number++) {
      Edge edge = manifest.edge(number);
      if (edge.flag("generator")) {
        generators.add(number);
      } else if (actEdges.contains(edge)) {
        acts.add(number);
      } else if (!edge.isPhony()) {
        makers.set(number);
      }
    }
    Map<String, Integer> made = new HashMap<>();
    Set<Path> folders = new HashSet<>();
    List<Path> outside = new ArrayList<>();
    for (int path = 0; path < manifest.pathCount(); path++) {
      Path place = folder.resolve(manifest.path(path)).normalize();
      int producer = manifest.producer(path);
      if (producer != Manifest.NONE && makers.get(producer)) {
        made.put(place.toString(), path);
        addFolders(place, folder, folders);
      }
      if (!place.startsWith(folder) && machine.stream().noneMatch(place::startsWith)) {
        outside.add(place);
      }
    }
    return new ManifestPaths(
        folder,
        Map.copyOf(made),
        Set.copyOf(folders),
        List.copyOf(generators),
        generators.stream().filter(edge -> !makesItself(manifest, edge)).toList(),
        Set.copyOf(acts),
        outside,
        dyndeps(manifest));
  }

  private static Set<String> dyndeps(Manifest manifest) throws NinjaError {
    Set<String> files = new HashSet<>();
    for (int edge : manifest.dyndepEdges()) {
      manifest.edge(edge).dyndep().ifPresent(path -> files.add(manifest.path(path)));
    }
    return Set.copyOf(files);
  }

  /** Whether a path, as the manifest spells it, is a dyndep file. */
  boolean isDyndep(String path) {
    return dyndeps.contains(path);
  }

  private static void addFolders(Path place, Path folder, Set<Path> folders) {
    for (Path above = place.getParent();
        above != null && !folder.startsWith(above) && folders.add(above);
        above = above.getParent()) {}
  }

  private static boolean makesItself(Manifest manifest, int edge) {
    return manifest.paths(manifest.edge(edge).outputs()).stream()
        .anyMatch(manifest.files()::contains);
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which files of a workspace are sources of a build: all that are visible, but for what edges make,
 * what they made earlier, and ninja's own logs. What a generator makes are the build's sources: it
 * is run before the build, and not as part of it.
 */
final class Sources {
  static final Set<String> LOGS = Set.of(".ninja_log", ".ninja_deps", ".ninja_lock");

  private Sources() {}

  /**
   * Takes away what is no source.
   *
   * @param products what earlier builds have made
   */
  static Tree of(Tree visible, BuildFolder folder, Manifest manifest, Set<TreePath> products)
      throws NinjaError {
    Set<TreePath> generated = new HashSet<>();
    Set<TreePath> made = new HashSet<>(products);
    for (int number = 0; number < manifest.edgeCount(); number++) {
      Edge edge = manifest.edge(number);
      if (!edge.isPhony()) {
        Set<TreePath> sink = edge.flag("generator") ? generated : made;
        manifest.paths(edge.outputs()).forEach(path -> folder.place(path).ifPresent(sink::add));
      }
    }
    made.removeAll(generated);
    SortedMap<TreePath, Entry> sources = new TreeMap<>();
    for (Map.Entry<TreePath, Entry> entry : visible.entries().entrySet()) {
      TreePath path = entry.getKey();
      if (!made.contains(path) && !LOGS.contains(path.name())) {
        sources.put(path, entry.getValue());
      }
    }
    return new Tree(sources);
  }
}

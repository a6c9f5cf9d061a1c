package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.store.Products;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which files of a workspace are sources of a build: all that are visible, but for what edges make,
 * what they made earlier, and ninja's own logs. What a generator makes are the build's sources: it
 * is run before the build, and not as part of it.
 */
final class Sources {
  static final Set<String> LOGS = Set.of(".ninja_log", ".ninja_deps", ".ninja_lock");

  private final BuildFolder folder;
  private final Products products;
  private final AtHome atHome;
  private final Set<TreePath> generated;
  private final Set<TreePath> looked = ConcurrentHashMap.newKeySet();

  Sources(BuildFolder folder, Manifest manifest, Products products, AtHome atHome) {
    this.folder = folder;
    this.products = products;
    this.atHome = atHome;
    this.generated = new HashSet<>();
    for (int generator : folder.paths().generators()) {
      manifest
          .paths(manifest.edge(generator).outputs())
          .forEach(path -> folder.place(path).ifPresent(generated::add));
    }
  }

  /** Whether a visible file is none, one path at a time. */
  Predicate<TreePath> hidden() {
    return hidden(this::isLeftBehind);
  }

  /** Takes away what is none. */
  Tree of(Tree visible) {
    Map<TreePath, Entry> earlier = products.of(folder.workspace().id());
    SortedMap<TreePath, Entry> sources = new TreeMap<>(visible.entries());
    sources
        .keySet()
        .removeIf(hidden(path -> visible.at(path).equals(Optional.ofNullable(earlier.get(path)))));
    folder
        .paths()
        .folders()
        .forEach(made -> folder.workspace().locate(made).ifPresent(place -> lay(place, sources)));
    return new Tree(sources);
  }

  /**
   * The folder of an output is there from the beginning, whatever earlier builds have left. If it
   * were not, who looks for the output would be seen to look for the folder.
   */
  private static void lay(TreePath folder, SortedMap<TreePath, Entry> sources) {
    List<TreePath> wanted = new ArrayList<>(folder.ancestors());
    wanted.add(folder);
    wanted.remove(TreePath.ROOT);
    for (TreePath place : wanted) {
      if (!(sources.computeIfAbsent(place, p -> new Entry.Folder()) instanceof Entry.Folder)) {
        return;
      }
    }
  }

  /** Whether an earlier build has made what is there. What somebody put in its place is his. */
  boolean isLeftBehind(TreePath path) {
    Optional<Entry> made = products.get(folder.workspace().id(), path);
    if (made.isPresent()) {
      looked.add(path);
    }
    try {
      return made.isPresent() && atHome.isThere(path, made.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Products of earlier builds that it has looked at. */
  Set<TreePath> looked() {
    return looked;
  }

  private Predicate<TreePath> hidden(Predicate<TreePath> left) {
    return path ->
        LOGS.contains(path.name())
            || folder.made(folder.workspace().resolve(path).toString()).isPresent()
            || (!generated.contains(path) && left.test(path));
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.store.Products;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
  private final Set<TreePath> generated;

  Sources(BuildFolder folder, Manifest manifest, Products products) {
    this.folder = folder;
    this.products = products;
    this.generated = new HashSet<>();
    for (int generator : folder.paths().generators()) {
      manifest
          .paths(manifest.edge(generator).outputs())
          .forEach(path -> folder.place(path).ifPresent(generated::add));
    }
  }

  /** Whether a visible file is none, one path at a time. */
  Predicate<TreePath> hidden() {
    String workspace = folder.workspace().id();
    return hidden(path -> products.get(workspace, path).isPresent());
  }

  /** Takes away what is none. */
  Tree of(Tree visible) {
    Set<TreePath> earlier = products.of(folder.workspace().id()).keySet();
    SortedMap<TreePath, Entry> sources = new TreeMap<>(visible.entries());
    sources.keySet().removeIf(hidden(earlier::contains));
    return new Tree(sources);
  }

  private Predicate<TreePath> hidden(Predicate<TreePath> isProduct) {
    return path ->
        LOGS.contains(path.name())
            || folder.made(folder.workspace().resolve(path).toString()).isPresent()
            || (!generated.contains(path) && isProduct.test(path));
  }
}

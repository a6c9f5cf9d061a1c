package dev.bricolage.fronts.ninja.act;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Products that an act changed. They are no longer what an edge made, so they count as sources from
 * then on, unless an edge makes them still. Nobody observes an act; what it changed is told by
 * looking before and after.
 */
public final class Overwritten {
  private final Workspace workspace;
  private final Products products;
  private final Map<TreePath, State> before = new HashMap<>();

  /** What changes when a file is written, replaced or removed, and not when it is read. */
  private record State(Stat.Type type, long size, long device, long inode, long mtime, long ctime) {
    static State of(Workspace workspace, TreePath path) throws IOException {
      Stat stat = Stat.of(workspace.resolve(path));
      return new State(
          stat.type(), stat.size(), stat.device(), stat.inode(), stat.mtime(), stat.ctime());
    }
  }

  /** Looks at all products of a workspace, before the act. */
  public Overwritten(Workspace workspace, Products products) throws IOException {
    this.workspace = workspace;
    this.products = products;
    for (Map.Entry<TreePath, Entry> product : products.of(workspace.id()).entrySet()) {
      if (!(product.getValue() instanceof Entry.Folder)) {
        before.put(product.getKey(), State.of(workspace, product.getKey()));
      }
    }
  }

  /**
   * Looks again, after it.
   *
   * @param madeMeanwhile what edges beside it may have written
   */
  public void forget(Predicate<TreePath> madeMeanwhile) throws IOException {
    Map<TreePath, Optional<Entry>> changed = new TreeMap<>();
    for (Map.Entry<TreePath, State> was : before.entrySet()) {
      TreePath path = was.getKey();
      if (!State.of(workspace, path).equals(was.getValue()) && !madeMeanwhile.test(path)) {
        changed.put(path, Optional.empty());
      }
    }
    products.record(workspace.id(), changed);
  }
}

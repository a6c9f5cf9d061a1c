package dev.bricolage.execute;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What turns one tree into another; an entry that differs goes and comes.
 *
 * @param gone sorted, so folders stand before what was in them
 * @param come sorted likewise
 */
record TreeDifference(List<TreePath> gone, List<TreePath> come) {

  static TreeDifference between(Tree before, Tree after) {
    List<TreePath> gone = new ArrayList<>();
    List<TreePath> come = new ArrayList<>();
    Walk old = new Walk(before);
    Walk now = new Walk(after);
    while (old.isAt() || now.isAt()) {
      int order = old.compareTo(now);
      boolean same = order == 0 && old.entry().equals(now.entry());
      if (order <= 0) {
        old.step(gone, same);
      }
      if (order >= 0) {
        now.step(come, same);
      }
    }
    return new TreeDifference(gone, come);
  }

  int size() {
    return gone.size() + come.size();
  }

  /** One side's entries in order. */
  private static final class Walk {
    private final Iterator<Map.Entry<TreePath, Entry>> rest;
    private List<Map.Entry<TreePath, Entry>> at = List.of();

    Walk(Tree tree) {
      rest = tree.entries().entrySet().iterator();
      advance();
    }

    boolean isAt() {
      return !at.isEmpty();
    }

    Entry entry() {
      return at.getFirst().getValue();
    }

    /** The end is behind every path. */
    int compareTo(Walk other) {
      if (!isAt() || !other.isAt()) {
        return Boolean.compare(!isAt(), !other.isAt());
      }
      return at.getFirst().getKey().compareTo(other.at.getFirst().getKey());
    }

    void step(List<TreePath> differing, boolean same) {
      if (!same) {
        differing.add(at.getFirst().getKey());
      }
      advance();
    }

    private void advance() {
      at = rest.hasNext() ? List.of(rest.next()) : List.of();
    }
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What edges see: the sources as they were when the build began, and what the edges have made that
 * an edge needs, directly or not. What others have made is not there for it, however they happen to
 * be run: so what an edge gives depends on the manifest and the sources alone.
 */
final class World {
  private final Manifest manifest;
  private final Tree sources;
  private final Map<Integer, Made> made = new ConcurrentHashMap<>();

  World(Manifest manifest, Tree sources) {
    this.manifest = manifest;
    this.sources = sources;
  }

  /** An edge has ended. */
  void made(int edge, Made what) {
    made.put(edge, what);
  }

  /** What one edge sees, with these entries besides. */
  EdgeView seenBy(int edge, Map<TreePath, Entry> besides) {
    TreeMap<TreePath, Entry> entries = new TreeMap<>();
    List<TreePath> gone = new ArrayList<>();
    for (int below : below(edge)) {
      Made what = made.getOrDefault(below, Made.NOTHING);
      for (TreePath path : what.deleted()) {
        entries.remove(path);
        gone.add(path);
      }
      entries.putAll(what.changes());
      gone.removeAll(what.changes().keySet());
    }
    besides.forEach(entries::putIfAbsent);
    return new EdgeView(sources, new Tree(entries), gone);
  }

  /** The edges it needs, directly or not, each after those that it needs itself. */
  private List<Integer> below(int edge) {
    List<Integer> order = new ArrayList<>();
    BitSet seen = new BitSet();
    Deque<int[]> stack = new ArrayDeque<>();
    stack.push(new int[] {edge, 0});
    while (!stack.isEmpty()) {
      int[] at = stack.peek();
      Ints inputs = manifest.edge(at[0]).inputs();
      if (at[1] == inputs.size()) {
        stack.pop();
        order.add(at[0]);
        continue;
      }
      int producer = manifest.producer(inputs.get(at[1]++));
      if (producer != Manifest.NONE && !seen.get(producer)) {
        seen.set(producer);
        stack.push(new int[] {producer, 0});
      }
    }
    order.removeLast();
    return order;
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.standing.Made;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What edges see: the sources as they were when the build began, and what the edges have made that
 * an edge needs, directly or not. What others have made is not there for it, however they happen to
 * be run: so what an edge gives depends on the manifest and the sources alone.
 */
final class World {
  private final Needs needs;
  private final Tree sources;
  private final Map<Integer, Made> made = new ConcurrentHashMap<>();

  /** Of edges that need the same: a thousand compilers wait for the same generated headers. */
  private final Map<List<Integer>, EdgeView> views = new ConcurrentHashMap<>();

  private static final int MOST = 256;

  World(Needs needs, Tree sources) {
    this.needs = needs;
    this.sources = sources;
  }

  /** Whether a source is there; false, too, for a link, which may lead nowhere. */
  boolean hasSource(TreePath path) {
    return sources.at(path).filter(entry -> !(entry instanceof Entry.Link)).isPresent();
  }

  /** An edge has ended. */
  void made(int edge, Made what) {
    made.put(edge, what);
  }

  /** What an edge has made that has ended. */
  Made made(int edge) {
    return made.getOrDefault(edge, Made.NOTHING);
  }

  /** What one edge sees, with these entries besides. */
  EdgeView seenBy(int edge, Map<TreePath, Entry> besides) {
    List<Integer> producers = needs.producers(edge).boxed().toList();
    EdgeView known = views.get(producers);
    if (known == null) {
      known = after(needs.below(edge));
      if (views.size() >= MOST) {
        views.clear();
      }
      views.put(producers, known);
    }
    return known.with(besides);
  }

  /** The sources, and what these edges did to them one after the other. */
  private EdgeView after(List<Integer> edges) {
    TreeMap<TreePath, Entry> entries = new TreeMap<>();
    TreeSet<TreePath> gone = new TreeSet<>();
    for (int edge : edges) {
      Made what = made(edge);
      for (TreePath path : what.deleted()) {
        entries.remove(path);
        gone.add(path);
      }
      entries.putAll(what.changes());
      gone.removeAll(what.changes().keySet());
    }
    return EdgeView.of(sources, entries, List.copyOf(gone));
  }

  /** Whether an edge of this build has made what is at a place. */
  boolean wasMade(TreePath place) {
    return made.values().stream().anyMatch(what -> what.changes().containsKey(place));
  }

  /** What is at a place after these edges; the sources where none of them made it. */
  Optional<Entry> at(TreePath place, List<Integer> edges) {
    Optional<Entry> found = sources.at(place);
    for (int edge : edges) {
      Made what = made(edge);
      if (what.changes().containsKey(place)) {
        found = Optional.ofNullable(what.changes().get(place));
      } else if (what.deleted().contains(place)) {
        found = Optional.empty();
      }
    }
    return found;
  }
}

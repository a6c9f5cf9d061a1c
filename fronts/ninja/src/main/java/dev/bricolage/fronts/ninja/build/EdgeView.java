package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Listing;
import dev.bricolage.execute.PathFacts;
import dev.bricolage.execute.TreeFacts;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one edge sees.
 *
 * @param sources what was there when the build began
 * @param upper what the edges below have made, in the place of what was there
 * @param gone sources that they have deleted
 */
record EdgeView(Tree sources, Tree upper, List<TreePath> gone) {

  /** All of it as one tree, to run in. */
  Tree tree() {
    SortedMap<TreePath, Entry> all = new TreeMap<>(sources.entries());
    for (TreePath path : gone) {
      all.keySet().removeIf(other -> other.startsWith(path));
    }
    all.putAll(upper.entries());
    return new Tree(all);
  }

  /** Answers from it without putting it together. */
  PathFacts facts(String mount) {
    PathFacts below = new TreeFacts(sources, mount);
    PathFacts above = new TreeFacts(upper, mount);
    return fact -> {
      TreePath path = TreeFacts.within(fact.path(), mount);
      Optional<Entry> entry = upper.at(path);
      if (entry.isPresent() && entry.get() instanceof Entry.Folder) {
        return fact.kind() == PathFact.Kind.LIST ? listing(path) : PathFact.Answer.FOLDER;
      }
      if (entry.isPresent()) {
        return above.answer(fact);
      }
      return isGone(path) ? PathFact.Answer.ABSENT : below.answer(fact);
    };
  }

  private boolean isGone(TreePath path) {
    return gone.stream().anyMatch(path::startsWith);
  }

  private PathFact.Answer listing(TreePath folder) {
    Listing listing = new Listing();
    TreeSet<String> names = new TreeSet<>(upper.names(folder));
    sources.names(folder).stream().filter(name -> !isGone(folder.child(name))).forEach(names::add);
    for (String name : names) {
      TreePath path = folder.child(name);
      switch (upper.at(path).or(() -> sources.at(path)).orElseThrow()) {
        case Entry.File file -> listing.file(name);
        case Entry.Link link -> listing.link(name);
        case Entry.Folder below -> listing.folder(name);
      }
    }
    return listing.answer();
  }
}

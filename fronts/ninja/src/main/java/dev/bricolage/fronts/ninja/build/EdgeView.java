package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.FactKey;
import dev.bricolage.execute.Listing;
import dev.bricolage.execute.PathFacts;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import java.util.ArrayList;
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
      if (isGone(path)) {
        return PathFact.Answer.ABSENT;
      }
      return fact.kind() == PathFact.Kind.LIST && gone.stream().anyMatch(g -> g.startsWith(path))
          ? listing(path)
          : below.answer(fact);
    };
  }

  /**
   * What an answer rests on besides what the edges below have made: of a path that they made
   * nothing, of a folder's names what the sources have there.
   */
  List<Step> grounds(List<Step> rests, String mount) {
    TreeFacts alone = new TreeFacts(sources, mount);
    List<Step> grounds = new ArrayList<>(rests.size());
    for (Step step : rests) {
      Question question = step.question();
      Optional<PathFact> fact = FactKey.fact(question);
      if (fact.isEmpty() || !isBelow(question.subject(), mount)) {
        grounds.add(step);
      } else if (isOfSources(fact.get(), TreeFacts.within(question.subject(), mount))) {
        grounds.add(new Step(question, alone.answer(fact.get()).text()));
      }
    }
    return grounds;
  }

  private boolean isOfSources(PathFact fact, TreePath path) {
    Optional<Entry> above = upper.at(path);
    return above.isPresent()
        ? above.get() instanceof Entry.Folder && fact.kind() == PathFact.Kind.LIST
        : !isGone(path);
  }

  private static boolean isBelow(String path, String mount) {
    return path.equals(mount) || path.startsWith(mount + "/");
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

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.FactKey;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.PathFacts;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one edge sees.
 *
 * @param sources what was there when the build began
 * @param upper what the edges below have made, in the place of what was there
 * @param gone sources that they have deleted
 * @param tree all of it, to run in
 */
record EdgeView(Tree sources, Tree upper, List<TreePath> gone, Tree tree) {

  /** The sources, and what was done to them. */
  static EdgeView of(Tree sources, SortedMap<TreePath, Entry> made, List<TreePath> gone) {
    return new EdgeView(sources, new Tree(made), gone, sources.with(made, gone));
  }

  /** The same, with these entries where nothing else was made. */
  EdgeView with(Map<TreePath, Entry> besides) {
    TreeMap<TreePath, Entry> more = new TreeMap<>(besides);
    more.keySet().removeIf(path -> upper.at(path).isPresent());
    return new EdgeView(sources, upper.with(more, List.of()), gone, tree.with(more, List.of()));
  }

  /** Answers from it. */
  PathFacts facts(String mount) {
    return new TreeFacts(tree, mount);
  }

  /**
   * What an answer rests on besides what the edges below have made: of a path that they made
   * nothing, of a folder's names what the sources have there. That outputs' folders are there is so
   * in every build.
   */
  List<Step> grounds(List<Step> rests, BuildFolder folder) {
    String mount = folder.mount().at();
    TreeFacts alone = new TreeFacts(sources, mount);
    List<Step> grounds = new ArrayList<>(rests.size());
    for (Step step : rests) {
      Question question = step.question();
      Optional<PathFact> fact = FactKey.fact(question);
      if (fact.isEmpty() || !isBelow(question.subject(), mount)) {
        if (Machine.isOfSystem(question.subject())) {
          grounds.add(step); // what is around is the same in each build of a folder
        }
      } else if (!isOutputsFolder(step, fact.get(), folder)
          && isOfSources(fact.get(), TreeFacts.within(question.subject(), mount))) {
        grounds.add(new Step(question, alone.answer(fact.get()).text()));
      }
    }
    return grounds;
  }

  private static boolean isOutputsFolder(Step step, PathFact fact, BuildFolder folder) {
    return fact.kind() == PathFact.Kind.STAT
        && step.answer().equals(PathFact.Answer.FOLDER.text())
        && folder.paths().folders().contains(Path.of(folder.mount().home(fact.path())));
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
}

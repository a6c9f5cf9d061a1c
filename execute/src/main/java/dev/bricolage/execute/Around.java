package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is around the workspace and the host's folders: the sandbox's own folders, which are the
 * same for every run and no question, and at the most one link, the checkout's own path, that leads
 * to the workspace; with the folders above it. Answers tell only what is there because of the link.
 */
interface Around {
  /** There is no link, ever. */
  Around NOTHING =
      new Around() {
        @Override
        public PathFact.Answer answer(PathFact fact) {
          return PathFact.Answer.ABSENT;
        }

        @Override
        public boolean varies(PathFact fact) {
          return false;
        }
      };

  /** What is there. */
  PathFact.Answer answer(PathFact fact);

  /** Whether another checkout may answer something else. */
  boolean varies(PathFact fact);

  /**
   * For commands whose checkout may be there.
   *
   * @param alias the link; empty where the workspace has its own path anyway
   * @param workspace what it leads to
   */
  static Around with(Optional<String> alias, String workspace) {
    return new Link(alias.orElse(""), workspace);
  }

  /**
   * A link, perhaps.
   *
   * @param path absolute; empty for none
   */
  record Link(String path, String target) implements Around {
    /** Folders that are there without any link. */
    private static final Set<String> OWN = own();

    private static Set<String> own() {
      Set<String> own = new TreeSet<>(Set.of("/"));
      for (String folder : BuildView.PRIVATE) {
        for (int end = folder.length(); end > 0; end = folder.lastIndexOf('/', end - 1)) {
          own.add(folder.substring(0, end));
        }
      }
      return own;
    }

    @Override
    public PathFact.Answer answer(PathFact fact) {
      if (fact.path().equals(path)) {
        return PathFact.Answer.link(target);
      }
      String above = fact.path().equals("/") ? "/" : fact.path() + "/";
      if (!path.startsWith(above)) {
        return PathFact.Answer.ABSENT;
      }
      if (fact.kind() == PathFact.Kind.LIST) {
        return listing(path.substring(above.length()));
      }
      return OWN.contains(fact.path()) ? PathFact.Answer.ABSENT : PathFact.Answer.FOLDER;
    }

    private static PathFact.Answer listing(String way) {
      int slash = way.indexOf('/');
      return slash < 0
          ? new Listing().link(way).answer()
          : new Listing().folder(way.substring(0, slash)).answer();
    }

    @Override
    public boolean varies(PathFact fact) {
      boolean kernels =
          Machine.KERNEL.stream().anyMatch(folder -> BuildView.isBelow(fact.path(), folder));
      boolean own = OWN.contains(fact.path()) && fact.kind() != PathFact.Kind.LIST;
      return !kernels && !own;
    }
  }
}

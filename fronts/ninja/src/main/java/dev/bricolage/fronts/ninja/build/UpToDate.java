package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.fronts.ninja.standing.Settled;
import dev.bricolage.fronts.ninja.standing.Standing;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.store.host.Stillness;
import dev.bricolage.workspace.Visibility;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Looks whether nothing changed that settled edges rest on, and nothing that they made. Stores
 * nothing.
 */
final class UpToDate {
  private final Standing standing;
  private final BuildFolder folder;
  private final Ints edges;
  private final AtHome atHome;
  private final Visibility visibility;
  private final Sources sources;
  private final View today;
  private final Somebodys somebodys;

  /** Whether a file is there that no build has made. */
  @FunctionalInterface
  interface Somebodys {
    boolean is(TreePath place) throws IOException;
  }

  /**
   * A look.
   *
   * @param today by the files as they are, seen through {@code visibility} and {@code sources}
   */
  UpToDate(
      Standing standing,
      BuildFolder folder,
      Ints edges,
      AtHome atHome,
      Visibility visibility,
      Sources sources,
      View today,
      Somebodys somebodys) {
    this.standing = standing;
    this.folder = folder;
    this.edges = edges;
    this.atHome = atHome;
    this.visibility = visibility;
    this.sources = sources;
    this.today = today;
    this.somebodys = somebodys;
  }

  /** Whether it is so. */
  boolean is() throws IOException, InterruptedException {
    FutureTask<Boolean> home = new FutureTask<>(this::isAtHome);
    Thread.ofVirtual().name("at home").start(home);
    boolean holds = holds();
    try {
      return home.get() && holds;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw failed;
        case RuntimeException fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Whether all that these edges made lies where it belongs, in the order of its times. */
  private boolean isAtHome() throws IOException {
    for (int edge : edges.stream().toArray()) {
      Optional<Settled> known = standing.edge(edge);
      if (known.isPresent() && !(atHome.isThere(known.get().made()) && atHome.isNewer(edge))) {
        return false;
      }
    }
    return true;
  }

  /** Whether all that these edges rest on is so. */
  private boolean holds() throws IOException, InterruptedException {
    for (TreePath missing : standing.named().missing()) {
      if (somebodys.is(missing)) {
        return false; // whoever names it shall see it, ignored or not
      }
    }
    return standing.grounds().hold(standing.grounds(edges), today);
  }

  /**
   * All that was looked at, after it was so, for as long as nothing of it changes.
   *
   * @param since nanoseconds since 1970, before the first look
   */
  Optional<Stillness> still(long since) throws IOException {
    Set<Path> places = new HashSet<>(visibility.looked());
    List<TreePath> inside = new ArrayList<>(standing.named().missing());
    inside.addAll(sources.looked());
    for (int edge : edges.stream().toArray()) {
      Optional<Made> made = standing.edge(edge).map(Settled::made);
      made.ifPresent(it -> inside.addAll(it.changes().keySet()));
      made.ifPresent(it -> inside.addAll(it.deleted()));
    }
    inside.forEach(place -> add(folder.workspace().resolve(place), places));
    BitSet grounds = standing.grounds(edges);
    for (Question question : standing.grounds().questions(grounds)) {
      add(Path.of(folder.mount().home(question.subject())), places);
    }
    List<Path> timed = atHome.timed();
    timed.forEach(path -> add(path, places));
    return Stillness.since(since, places, timed);
  }

  /** With the folders above: who comes and goes there is seen by them. */
  private void add(Path path, Set<Path> places) {
    boolean ours = path.startsWith(folder.workspace().root());
    places.add(path);
    for (Path above = path.getParent();
        above != null
            && above.getParent() != null
            && !(ours && above.equals(folder.workspace().root()))
            && places.add(above);
        above = above.getParent()) {}
    if (ours) {
      places.add(folder.workspace().root());
    }
  }
}

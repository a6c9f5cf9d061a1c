package dev.bricolage.workspace;

import dev.bricolage.action.PathFact;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Listing;
import dev.bricolage.execute.PathFacts;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Answers from a workspace as it is now, looking only at what is asked. */
public final class WorkspaceFacts implements PathFacts {
  private static final int FEW = 32;

  private final Workspace workspace;
  private final Visibility visibility;
  private final FileDigests digests;
  private final String mount;
  private final Predicate<TreePath> hidden;

  /** Answers where the workspace appears at {@code mount}. */
  public WorkspaceFacts(
      Workspace workspace, Visibility visibility, FileDigests digests, String mount) {
    this(workspace, visibility, digests, mount, path -> false);
  }

  /**
   * Answers where the workspace appears at {@code mount}, as if these were not there.
   *
   * @param hidden asked only of what is visible
   */
  public WorkspaceFacts(
      Workspace workspace,
      Visibility visibility,
      FileDigests digests,
      String mount,
      Predicate<TreePath> hidden) {
    this.workspace = workspace;
    this.visibility = visibility;
    this.digests = digests;
    this.mount = mount;
    this.hidden = hidden;
  }

  private Stat at(TreePath path) throws IOException {
    Stat stat = visibility.at(path);
    return stat.exists() && hidden.test(path) ? Stat.ABSENT : stat;
  }

  @Override
  public PathFact.Answer answer(PathFact fact) throws IOException {
    TreePath path = TreeFacts.within(fact.path(), mount);
    return guarded(path, () -> answer(fact.kind(), path, at(path)));
  }

  /** A look at a path. */
  private interface Look {
    PathFact.Answer take() throws IOException;
  }

  private static PathFact.Answer guarded(TreePath path, Look look) throws IOException {
    try {
      return look.take();
    } catch (NoSuchFileException vanished) {
      return PathFact.Answer.ABSENT; // it went between two looks at it
    } catch (AccessDeniedException e) {
      throw WorkspaceSnapshot.denied(path);
    }
  }

  /** Files that nobody has read yet are read by as many threads as there are processors. */
  @Override
  public List<PathFact.Answer> answers(List<PathFact> facts) throws IOException {
    if (facts.size() <= FEW) {
      return PathFacts.super.answers(facts);
    }
    List<Looked> looked = new ArrayList<>(facts.size());
    for (PathFact fact : facts) {
      looked.add(look(fact));
    }
    looked.parallelStream().forEach(this::readAhead);
    List<PathFact.Answer> answers = new ArrayList<>(facts.size());
    for (Looked at : looked) {
      answers.add(at.answer());
    }
    return answers;
  }

  /** A question, and what was at its path when it was first looked at. */
  private final class Looked {
    private final PathFact fact;
    private final TreePath path;
    private final Stat stat;

    Looked(PathFact fact, TreePath path, Stat stat) {
      this.fact = fact;
      this.path = path;
      this.stat = stat;
    }

    PathFact.Answer answer() throws IOException {
      return guarded(path, () -> WorkspaceFacts.this.answer(fact.kind(), path, stat));
    }
  }

  private Looked look(PathFact fact) throws IOException {
    TreePath path = TreeFacts.within(fact.path(), mount);
    try {
      return new Looked(fact, path, at(path));
    } catch (NoSuchFileException vanished) {
      return new Looked(fact, path, Stat.ABSENT);
    } catch (AccessDeniedException e) {
      throw WorkspaceSnapshot.denied(path);
    }
  }

  private void readAhead(Looked at) {
    if (at.fact.kind() != PathFact.Kind.CONTENT || !at.stat.isFile()) {
      return;
    }
    try {
      digests.digest(workspace.resolve(at.path), at.stat);
    } catch (IOException again) {
      // Met once more, and told, when the question itself is answered.
    }
  }

  private PathFact.Answer answer(PathFact.Kind kind, TreePath path, Stat stat) throws IOException {
    Path real = workspace.resolve(path);
    return switch (stat.type()) {
      case ABSENT, OTHER -> PathFact.Answer.ABSENT;
      case SYMLINK -> PathFact.Answer.link(Visibility.link(real));
      case DIRECTORY -> kind == PathFact.Kind.LIST ? listing(path) : PathFact.Answer.FOLDER;
      case FILE ->
          kind == PathFact.Kind.CONTENT
              ? PathFact.Answer.content(digests.digest(real, stat), stat.executable())
              : PathFact.Answer.file(stat.size(), stat.executable());
    };
  }

  private PathFact.Answer listing(TreePath folder) throws IOException {
    Listing listing = new Listing();
    for (HostFiles.Name entry : visibility.names(folder)) {
      String name = entry.text().orElseThrow();
      if (hidden.test(folder.child(name))) {
        continue;
      }
      switch (entry.type()) {
        case FILE -> listing.file(name);
        case DIRECTORY -> listing.folder(name);
        case SYMLINK -> listing.link(name);
        case OTHER, ABSENT -> {}
      }
    }
    return listing.answer();
  }
}

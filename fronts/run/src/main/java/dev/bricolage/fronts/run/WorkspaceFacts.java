package dev.bricolage.fronts.run;

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

/** Answers from a workspace as it is now, looking only at what is asked. */
final class WorkspaceFacts implements PathFacts {
  private final Workspace workspace;
  private final Visibility visibility;
  private final FileDigests digests;
  private final String mount;

  WorkspaceFacts(Workspace workspace, Visibility visibility, FileDigests digests, String mount) {
    this.workspace = workspace;
    this.visibility = visibility;
    this.digests = digests;
    this.mount = mount;
  }

  @Override
  public PathFact.Answer answer(PathFact fact) throws IOException {
    TreePath path = TreeFacts.within(fact.path(), mount);
    try {
      return answer(fact.kind(), path);
    } catch (NoSuchFileException vanished) {
      return PathFact.Answer.ABSENT; // it went between two looks at it
    } catch (AccessDeniedException e) {
      throw WorkspaceSnapshot.denied(path);
    }
  }

  private PathFact.Answer answer(PathFact.Kind kind, TreePath path) throws IOException {
    Stat stat = visibility.at(path);
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

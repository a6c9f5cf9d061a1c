package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Answers from the host's own files, which the sandbox shows read-only at the same paths. */
public final class HostFacts implements PathFacts {
  private static final int FOR_ALL_TO_READ = 0444;
  private static final int FOR_ALL_TO_SEARCH = 0555;

  private final FileDigests digests;

  /** Answers with contents hashed once per identity of a file. */
  public HostFacts(FileDigests digests) {
    this.digests = digests;
  }

  @Override
  public PathFact.Answer answer(PathFact fact) throws IOException {
    try {
      return answer(fact.kind(), fact.path(), Stat.of(fact.path()));
    } catch (AccessDeniedException e) {
      return PathFact.Answer.DENIED;
    } catch (NoSuchFileException e) {
      return PathFact.Answer.ABSENT;
    } catch (FileSystemException e) {
      if (passesLink(Path.of(fact.path()))) {
        return PathFact.Answer.ABSENT; // since it was asked a folder has become a link, to itself
      }
      throw e;
    }
  }

  private static boolean passesLink(Path path) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        return true;
      }
    }
    return false;
  }

  private PathFact.Answer answer(PathFact.Kind kind, String path, Stat stat) throws IOException {
    return switch (stat.type()) {
      case ABSENT -> PathFact.Answer.ABSENT;
      case OTHER -> PathFact.Answer.OTHER;
      case SYMLINK -> link(path.getBytes(StandardCharsets.UTF_8));
      case DIRECTORY ->
          kind == PathFact.Kind.LIST
              ? listing(path.getBytes(StandardCharsets.UTF_8))
              : guarded(PathFact.Answer.FOLDER, stat, FOR_ALL_TO_SEARCH);
      case FILE -> guarded(file(kind, path, stat), stat, FOR_ALL_TO_READ);
    };
  }

  private PathFact.Answer file(PathFact.Kind kind, String path, Stat stat) throws IOException {
    return kind == PathFact.Kind.CONTENT
        ? PathFact.Answer.content(digests.digest(Path.of(path), stat), stat.executable())
        : PathFact.Answer.file(stat.size(), stat.executable());
  }

  /** What not everybody may look at answers with its mode: a refusal is something a run can see. */
  private static PathFact.Answer guarded(PathFact.Answer answer, Stat stat, int open) {
    return (stat.mode() & open) == open
        ? answer
        : new PathFact.Answer(answer.text() + ", mode " + Integer.toOctalString(stat.mode()));
  }

  private static PathFact.Answer link(byte[] path) throws IOException {
    return PathFact.Answer.link(new String(HostFiles.readLink(path), StandardCharsets.UTF_8));
  }

  private static PathFact.Answer listing(byte[] path) throws IOException {
    Listing listing = new Listing();
    for (HostFiles.Name entry : HostFiles.list(path)) {
      String name = new String(entry.bytes(), StandardCharsets.ISO_8859_1);
      switch (entry.type()) {
        case FILE -> listing.file(name);
        case DIRECTORY -> listing.folder(name);
        case SYMLINK -> listing.link(name);
        case OTHER, ABSENT -> listing.other(name);
      }
    }
    return listing.answer();
  }

  /**
   * The answer, unless it may have changed since {@code instant}: then a run that began before may
   * have seen something else than we do now.
   *
   * @param instant nanoseconds since 1970
   */
  Optional<PathFact.Answer> unchangedSince(PathFact fact, long instant) throws IOException {
    try {
      Stat stat = Stat.of(fact.path());
      boolean changed =
          switch (stat.type()) {
            case ABSENT, OTHER -> false;
            // A folder that was put in the place of another has a new ctime, its files have not.
            case DIRECTORY, FILE, SYMLINK -> stat.ctime() >= instant;
          };
      return changed ? Optional.empty() : Optional.of(answer(fact.kind(), fact.path(), stat));
    } catch (AccessDeniedException e) {
      return Optional.of(PathFact.Answer.DENIED);
    } catch (NoSuchFileException vanished) {
      return Optional.empty();
    }
  }
}

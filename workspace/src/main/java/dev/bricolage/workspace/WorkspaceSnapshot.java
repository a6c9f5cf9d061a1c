package dev.bricolage.workspace;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes a workspace's visible files into the store; each changed one enters once. */
public final class WorkspaceSnapshot {
  private final Workspace workspace;
  private final Visibility visibility;
  private final FileDigests digests;
  private final Blobs blobs;
  private final SortedMap<TreePath, Entry> entries = new TreeMap<>();

  private WorkspaceSnapshot(
      Workspace workspace, Visibility visibility, FileDigests digests, Blobs blobs) {
    this.workspace = workspace;
    this.visibility = visibility;
    this.digests = digests;
    this.blobs = blobs;
  }

  /**
   * Takes it. A file that vanishes meanwhile was not there; sockets, pipes and devices are left
   * out.
   *
   * @throws UserError for a file that may not be read or has no UTF-8 name
   */
  public static Tree take(
      Workspace workspace, Visibility visibility, FileDigests digests, Blobs blobs)
      throws IOException {
    WorkspaceSnapshot snapshot = new WorkspaceSnapshot(workspace, visibility, digests, blobs);
    snapshot.folder(TreePath.ROOT);
    return new Tree(snapshot.entries);
  }

  private void folder(TreePath folder) throws IOException {
    for (HostFiles.Name name : visibility.names(folder)) {
      TreePath path = folder.child(name.text().orElseThrow());
      try {
        entry(path, name.type());
      } catch (NoSuchFileException vanished) {
        entries.remove(path);
      } catch (AccessDeniedException e) {
        throw denied(path);
      }
    }
  }

  static UserError denied(TreePath path) {
    return new UserError(
        path + ": permission denied; make it readable, or exclude it with a line in .bricignore");
  }

  private void entry(TreePath path, Stat.Type type) throws IOException {
    Path real = workspace.resolve(path);
    switch (type) {
      case DIRECTORY -> {
        entries.put(path, new Entry.Folder());
        folder(path);
      }
      case SYMLINK -> entries.put(path, new Entry.Link(Visibility.link(real)));
      case FILE -> file(path, real);
      case OTHER, ABSENT -> {}
    }
  }

  private void file(TreePath path, Path real) throws IOException {
    Stat stat = Stat.of(real);
    if (!stat.isFile()) {
      return;
    }
    Digest digest = digests.digest(real, stat);
    // What enters is what was copied: a file edited this moment is taken as the copy found it.
    Digest stored = blobs.has(digest) ? digest : blobs.put(real);
    entries.put(path, new Entry.File(stored, stat.executable()));
  }
}

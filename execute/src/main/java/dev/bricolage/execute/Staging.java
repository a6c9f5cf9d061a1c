package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tree laid out on disk for runs, which see it below an overlay and cannot change it. Files are
 * hard links to blobs: the overlay copies what is written to. Only a second file of the same bytes
 * is a copy, because a build may tell two names of one file from two files ({@code cp} refuses to
 * copy a file onto itself).
 */
final class Staging {
  /** Every source has the same time, so that none is newer than another, or than a product. */
  private static final long SOURCE_TIME = 1_000_000_000L;

  private final Blobs blobs;
  private final Path folder;
  private final Map<Entry.File, TreePath> linked = new HashMap<>();
  private Tree tree = Tree.EMPTY;

  /** Nothing yet, in {@code folder}, which is empty and must stay ours. */
  Staging(Blobs blobs, Path folder) {
    this.blobs = blobs;
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Tree tree() {
    return tree;
  }

  /**
   * Lays {@code next} out in the place of what is there, changing only what differs. After a
   * failure the folder is of no use any more.
   *
   * @throws MissingBlob when files' bytes are not in the store (any more); all of them have been
   *     looked at by then, so that taking the snapshot again mends all
   */
  void become(Tree next) throws IOException {
    TreeDifference difference = TreeDifference.between(tree, next);
    Set<TreePath> touched = new TreeSet<>();
    for (TreePath path : difference.gone().reversed()) {
      remove(path, tree.at(path).orElseThrow());
      touched.add(path.parent());
    }
    List<Digest> missing = new ArrayList<>();
    for (TreePath path : difference.come()) {
      lay(path, next.at(path).orElseThrow(), missing);
      touched.add(path.parent());
    }
    if (!missing.isEmpty()) {
      throw new MissingBlob(missing.getFirst());
    }
    for (TreePath path : difference.come()) {
      if (next.at(path).orElseThrow() instanceof Entry.Folder) {
        touched.add(path);
      }
    }
    touch(folder);
    for (TreePath path : touched) {
      if (next.at(path).isPresent()) {
        touch(at(path));
      }
    }
    tree = next;
  }

  /**
   * Whether every file still is what was laid out, as far as its size, time and mode tell: they are
   * the blobs' own files, and a blob that somebody damaged is damaged here.
   */
  boolean isSound() throws IOException {
    String prefix = folder + "/";
    for (Map.Entry<TreePath, Entry> entry : tree.entries().entrySet()) {
      if (entry.getValue() instanceof Entry.File file) {
        Stat stat = Stat.of(prefix + entry.getKey().value());
        boolean same =
            stat.isFile()
                && stat.size() == file.digest().size()
                && stat.mtime() == SOURCE_TIME
                && stat.executable() == file.executable();
        if (!same) {
          return false;
        }
      }
    }
    return true;
  }

  private void remove(TreePath path, Entry entry) throws IOException {
    switch (entry) {
      case Entry.Folder below -> HostFiles.removeDirectory(HostFiles.bytes(at(path)));
      case Entry.Link link -> HostFiles.unlink(HostFiles.bytes(at(path)));
      case Entry.File file -> {
        HostFiles.unlink(HostFiles.bytes(at(path)));
        linked.remove(file, path);
      }
    }
  }

  private void lay(TreePath path, Entry entry, List<Digest> missing) throws IOException {
    Path target = at(path);
    switch (entry) {
      case Entry.Folder below -> Files.createDirectory(target);
      case Entry.Link link -> {
        Files.createSymbolicLink(target, Path.of(link.target()));
        touch(target);
      }
      case Entry.File file -> {
        if (!lay(file, linked.putIfAbsent(file, path) == null, target)) {
          missing.add(file.digest());
        }
      }
    }
  }

  private boolean lay(Entry.File file, boolean first, Path target) throws IOException {
    if (file.digest().equals(Digest.EMPTY)) {
      var _ = blobs.put(new byte[0]); // it need not be stored to be there
    }
    boolean there =
        first
            ? blobs.link(file.digest(), target, file.executable())
            : blobs.copy(file.digest(), target, file.executable() ? 0755 : 0644);
    if (there && !first) {
      touch(target);
    }
    return there;
  }

  private Path at(TreePath path) {
    return folder.resolve(path.value());
  }

  /** Gives what is at {@code path}, a link not followed, the time of every source. */
  static void touch(Path path) throws IOException {
    HostFiles.setTimes(HostFiles.bytes(path), SOURCE_TIME, SOURCE_TIME);
  }
}

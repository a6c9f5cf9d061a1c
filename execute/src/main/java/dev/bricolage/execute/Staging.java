package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays a tree out on disk for one run. Files are hard links to blobs: the overlay above copies what
 * is written to. Only a second file of the same bytes is a copy, because a build may tell two names
 * of one file from two files ({@code cp} refuses to copy a file onto itself).
 */
final class Staging {
  /** Every source has the same time, so that none is newer than another, or than a product. */
  private static final long SOURCE_TIME = 1_000_000_000L;

  private final Blobs blobs;

  Staging(Blobs blobs) {
    this.blobs = blobs;
  }

  /**
   * Lays out {@code tree} below {@code folder}, which is empty.
   *
   * @throws MissingBlob when files' bytes are not in the store (any more); all of them have been
   *     looked at by then, so that taking the snapshot again mends all
   */
  void lay(Tree tree, Path folder) throws IOException {
    Set<Entry.File> linked = new HashSet<>();
    List<Digest> missing = new ArrayList<>();
    List<Path> folders = new ArrayList<>(List.of(folder));
    for (Map.Entry<TreePath, Entry> entry : tree.entries().entrySet()) {
      Path target = folder.resolve(entry.getKey().value());
      switch (entry.getValue()) {
        case Entry.Folder below -> {
          Files.createDirectory(target);
          folders.add(target);
        }
        case Entry.Link link -> {
          Files.createSymbolicLink(target, Path.of(link.target()));
          touch(target);
        }
        case Entry.File file -> {
          if (!lay(file, linked.add(file), target)) {
            missing.add(file.digest());
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingBlob(missing.getFirst());
    }
    for (Path below : folders.reversed()) {
      touch(below);
    }
  }

  private boolean lay(Entry.File file, boolean first, Path target) throws IOException {
    boolean there =
        first
            ? blobs.link(file.digest(), target, file.executable())
            : blobs.copy(file.digest(), target, file.executable() ? 0755 : 0644);
    if (there && !first) {
      touch(target);
    }
    return there;
  }

  /** Gives what is at {@code path}, a link not followed, the time of every source. */
  static void touch(Path path) throws IOException {
    HostFiles.setTimes(HostFiles.bytes(path), SOURCE_TIME, SOURCE_TIME);
  }

  /** A blob that was in the store a moment ago is not there or is damaged. */
  static final class MissingBlob extends IOException {
    private static final long serialVersionUID = 1;

    MissingBlob(Digest digest) {
      super("the store lost " + digest.brief() + " while it was needed");
    }
  }
}

package dev.bricolage.execute;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run did to its workspace, read off the upper folder of its overlay: whiteouts are
 * character devices 0/0, a folder that hides what was below it carries {@code user.overlay.opaque}
 * (Linux, {@code Documentation/filesystems/overlayfs.rst}).
 */
final class Changes {
  private static final int TYPE_MASK = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int OWNER_READS = 0400;
  private static final int OWNER_DOES_ALL = 0700;

  private final Tree before;
  private final Path upper;
  private final Blobs blobs;
  private final SortedMap<TreePath, Entry> changed = new TreeMap<>();
  private final Set<TreePath> deleted = new TreeSet<>();
  private final Set<TreePath> touched = new HashSet<>();
  private final List<String> left = new ArrayList<>();

  private Changes(Tree before, Path upper, Blobs blobs) {
    this.before = before;
    this.upper = upper;
    this.blobs = blobs;
  }

  /**
   * Collects; every new file's bytes enter the store.
   *
   * @throws IOException when something cannot be read or the store cannot take it
   */
  static Changes collect(Tree before, Path upper, Blobs blobs) throws IOException {
    Changes changes = new Changes(before, upper, blobs);
    changes.folder(TreePath.ROOT);
    return changes;
  }

  /** Files, links and folders that are new or other than before. */
  SortedMap<TreePath, Entry> changed() {
    return changed;
  }

  /** Of the changed paths, those where something was before. */
  Set<TreePath> rewritten() {
    Set<TreePath> rewritten = new HashSet<>(changed.keySet());
    rewritten.removeIf(path -> before.at(path).isEmpty());
    return rewritten;
  }

  /** What is gone, parents before what was in them. */
  List<TreePath> deleted() {
    return List.copyOf(deleted);
  }

  /** Files of the old tree that the run opened to write, whether or not they changed. */
  Set<TreePath> touched() {
    return touched;
  }

  /** What was made that no tree can hold: sockets, devices, names that are not UTF-8. */
  List<String> left() {
    return left;
  }

  private void folder(TreePath folder) throws IOException {
    Path real = upper.resolve(folder.value());
    if (!folder.equals(TreePath.ROOT) && opaque(real)) {
      hideBelow(folder);
    }
    for (HostFiles.Name entry : HostFiles.list(HostFiles.bytes(real))) {
      Optional<String> name = entry.text();
      if (name.isEmpty()) {
        left.add(
            folder.child(new String(entry.bytes(), StandardCharsets.ISO_8859_1))
                + " (its name is not UTF-8)");
        continue;
      }
      entry(folder.child(name.get()), real.resolve(name.get()));
    }
  }

  private static boolean opaque(Path folder) throws IOException {
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(
            folder, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.list().contains("overlay.opaque");
  }

  private void hideBelow(TreePath folder) {
    deleted.addAll(before.below(folder));
  }

  private void entry(TreePath path, Path real) throws IOException {
    Stat stat = Stat.of(real);
    Optional<Entry> old = before.at(path);
    switch (stat.type()) {
      case ABSENT -> {}
      case OTHER -> other(path, real, old);
      case SYMLINK -> put(path, new Entry.Link(link(real)), old);
      case FILE -> {
        old.filter(Entry.File.class::isInstance).ifPresent(file -> touched.add(path));
        open(real, stat, OWNER_READS);
        put(path, new Entry.File(blobs.take(real), stat.executable()), old);
      }
      case DIRECTORY -> {
        open(real, stat, OWNER_DOES_ALL);
        put(path, new Entry.Folder(), old);
        folder(path);
      }
    }
  }

  /** A run may have taken its own right to read; the upper folder is ours, and the run is over. */
  private static void open(Path real, Stat stat, int needed) throws IOException {
    if ((stat.mode() & needed) != needed) {
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static String link(Path real) throws IOException {
    return new String(HostFiles.readLink(HostFiles.bytes(real)), StandardCharsets.UTF_8);
  }

  private void other(TreePath path, Path real, Optional<Entry> old) throws IOException {
    int mode = (Integer) Files.getAttribute(real, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE_MASK) != CHARACTER_DEVICE) {
      left.add(path + " (a socket or a pipe)");
      return;
    }
    if (old.isPresent()) {
      hideBelow(path);
      deleted.add(path);
    }
  }

  private void put(TreePath path, Entry now, Optional<Entry> old) {
    deleted.remove(path);
    if (old.isPresent() && old.get().equals(now)) {
      return;
    }
    if (old.isPresent() && old.get() instanceof Entry.Folder) {
      hideBelow(path);
    }
    if (old.isPresent() && !old.get().getClass().equals(now.getClass())) {
      deleted.add(path);
    }
    changed.put(path, now);
  }
}

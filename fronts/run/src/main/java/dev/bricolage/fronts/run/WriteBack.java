package dev.bricolage.fronts.run;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings an outcome home: what changed is written into the workspace, what is as it should be is
 * left alone, what was deleted is deleted. Nothing is written through a symbolic link, so nothing
 * outside the workspace is ever touched. Each file appears whole or not at all.
 */
final class WriteBack {
  private final Workspace workspace;
  private final String mount;
  private final Blobs blobs;
  private final FileDigests digests;
  private final Products products;
  private final Set<TreePath> safeFolders = new HashSet<>();
  private final Map<TreePath, Entry> earlier = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private int written;
  private int deleted;

  WriteBack(
      Workspace workspace, String mount, Blobs blobs, FileDigests digests, Products products) {
    this.workspace = workspace;
    this.mount = mount;
    this.blobs = blobs;
    this.digests = digests;
    this.products = products;
  }

  /**
   * What was done.
   *
   * @param written files, links and folders
   * @param notes what a person should know
   */
  record Report(int written, int deleted, List<String> notes) {}

  /**
   * Applies {@code outcome}.
   *
   * @throws CannotWrite when something in the workspace is in the way
   * @throws BlobLost when the store lost an output since it was looked for
   */
  Report apply(Outcome outcome) throws IOException {
    for (TreePath path : outcome.deleted().reversed()) {
      delete(path);
    }
    noteProducts(outcome);
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      write(change.getKey(), change.getValue());
    }
    return new Report(written, deleted, notes);
  }

  /**
   * Remembers what is a product before it is there: were we killed in between, a product would be
   * taken for a source, and never be made again.
   */
  private void noteProducts(Outcome outcome) {
    Map<TreePath, Optional<Entry>> changes = new TreeMap<>();
    for (TreePath path : outcome.deleted()) {
      if (products.get(workspace.id(), path).isPresent()) {
        changes.put(path, Optional.empty());
      }
    }
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      TreePath path = change.getKey();
      if (outcome.rewritten().contains(path)) {
        continue;
      }
      Optional<Entry> before = products.get(workspace.id(), path);
      before.ifPresent(entry -> earlier.put(path, entry));
      if (!before.equals(Optional.of(change.getValue()))) {
        changes.put(path, Optional.of(change.getValue()));
      }
    }
    products.record(workspace.id(), changes);
  }

  private void write(TreePath path, Entry entry) throws IOException {
    Path real = workspace.resolve(path);
    try {
      keepInside(path.parent());
      switch (entry) {
        case Entry.Folder folder -> folder(path, real);
        case Entry.Link link -> link(path, real, link.target());
        case Entry.File file -> file(path, real, file);
      }
    } catch (AccessDeniedException e) {
      throw cannotWrite(real, "permission denied");
    } catch (FileSystemException e) {
      throw cannotWrite(real, Objects.requireNonNullElse(e.getReason(), e.toString()));
    }
  }

  private static CannotWrite cannotWrite(Path real, String reason) {
    boolean full = reason.contains("No space") || reason.contains("quota");
    return new CannotWrite(
        "cannot write %s: %s; %s"
            .formatted(
                real,
                reason,
                full
                    ? "free some space and run again: the result is remembered"
                    : "make the workspace writable, or use --no-write-back"));
  }

  /** Every folder above must be a real one: a link might lead out of the workspace. */
  private void keepInside(TreePath folder) throws IOException {
    if (folder.equals(TreePath.ROOT) || safeFolders.contains(folder)) {
      return;
    }
    keepInside(folder.parent());
    Path real = workspace.resolve(folder);
    Stat stat = Stat.of(real);
    if (!stat.exists()) {
      Files.createDirectory(real);
    } else if (!stat.isDirectory()) {
      throw new CannotWrite(
          "cannot write into " + real + ": it is not a folder here; move it out of the way");
    }
    safeFolders.add(folder);
  }

  private void folder(TreePath path, Path real) throws IOException {
    Stat stat = Stat.of(real);
    if (!stat.isDirectory()) {
      if (stat.exists()) {
        save(path, real, stat, "replaced");
        Files.delete(real);
      }
      Files.createDirectory(real);
      written++;
    }
    safeFolders.add(path);
  }

  private void link(TreePath path, Path real, String target) throws IOException {
    Optional<String> home = home(path, target);
    if (home.isEmpty()) {
      notes.add(
          "not written: " + path + ", a link to " + target + ", which leads out of the workspace");
      return;
    }
    Stat stat = Stat.of(real);
    if (stat.isSymlink() && Visibility.link(real).equals(home.get())) {
      return;
    }
    refuseFolder(real, stat);
    save(path, real, stat, "replaced");
    Path temporary = temporary(real);
    Files.createSymbolicLink(temporary, Path.of(home.get()));
    Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
    written++;
  }

  /** The target as it must read in this checkout; empty when it leads where the sandbox is not. */
  private Optional<String> home(TreePath path, String target) {
    if (target.equals(mount) || target.startsWith(mount + "/")) {
      return Optional.of(workspace.root() + target.substring(mount.length()));
    }
    if (target.startsWith("/")) {
      boolean system =
          List.of("/usr/", "/bin/", "/lib", "/etc/", "/opt/", "/dev/", "/proc/").stream()
              .anyMatch(target::startsWith);
      return system && !target.contains("/..") ? Optional.of(target) : Optional.empty();
    }
    Path there = workspace.resolve(path.parent()).resolve(target).normalize();
    return there.startsWith(workspace.root()) ? Optional.of(target) : Optional.empty();
  }

  private void file(TreePath path, Path real, Entry.File file) throws IOException {
    Stat stat = Stat.of(real);
    if (stat.isFile() && digests.digest(real, stat).equals(file.digest())) {
      if (stat.executable() != file.executable()) {
        Files.setPosixFilePermissions(real, Permissions.of(file.executable(), stat));
        written++;
      }
      return;
    }
    refuseFolder(real, stat);
    save(path, real, stat, "replaced");
    Path temporary = temporary(real);
    try {
      if (!blobs.copy(file.digest(), temporary, file.executable() ? 0755 : 0644)) {
        throw new BlobLost(file.digest());
      }
      Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    written++;
  }

  private static void refuseFolder(Path real, Stat stat) throws CannotWrite {
    if (stat.isDirectory()) {
      throw new CannotWrite(
          "cannot write " + real + ": a folder is in its place; move it out of the way");
    }
  }

  /**
   * Keeps what is about to go in the store, unless a run made it or the store has it: a product
   * that somebody changed, a source edited while the run went on, a file that git ignores.
   */
  private void save(TreePath path, Path real, Stat stat, String fate) throws IOException {
    if (!stat.isFile()) {
      return;
    }
    Digest there = digests.digest(real, stat);
    Optional<Entry> ours = Optional.ofNullable(earlier.get(path));
    boolean known =
        ours.map(made -> made instanceof Entry.File file && file.digest().equals(there))
            .orElseGet(() -> blobs.has(there));
    if (known) {
      return;
    }
    String before =
        ours.isPresent()
            ? " was changed since a run made it; the old one"
            : " was " + fate + "; what was there";
    notes.add(path + before + ": bric store cat " + blobs.put(real));
  }

  private void delete(TreePath path) throws IOException {
    Path real = workspace.resolve(path);
    for (TreePath above : path.ancestors()) {
      if (!Stat.of(workspace.resolve(above)).isDirectory()) {
        return;
      }
    }
    save(path, real, Stat.of(real), "deleted");
    try {
      if (Files.deleteIfExists(real)) {
        deleted++;
      }
    } catch (DirectoryNotEmptyException kept) {
      notes.add(path + " is kept: it holds files that the run did not see");
    } catch (NoSuchFileException gone) {
      // Somebody was faster.
    }
  }

  private static Path temporary(Path real) {
    return real.resolveSibling(
        ".bric-"
            + Long.toUnsignedString(System.nanoTime(), 36)
            + "-"
            + Thread.currentThread().threadId());
  }

  /** An output is not in the store any more; running again heals it. */
  static final class BlobLost extends IOException {
    private static final long serialVersionUID = 1;

    BlobLost(Digest digest) {
      super("the store lost " + digest.brief());
    }
  }

  /** A file's permissions with its execute bits set as its read bits are, or none. */
  private static final class Permissions {
    private Permissions() {}

    static Set<java.nio.file.attribute.PosixFilePermission> of(boolean executable, Stat stat) {
      Set<java.nio.file.attribute.PosixFilePermission> set =
          java.util.EnumSet.noneOf(java.nio.file.attribute.PosixFilePermission.class);
      int mode = executable ? stat.mode() | ((stat.mode() & 0444) >> 2) : stat.mode() & ~0111;
      java.nio.file.attribute.PosixFilePermission[] order =
          java.nio.file.attribute.PosixFilePermission.values();
      for (int i = 0; i < order.length; i++) {
        if ((mode & (0400 >> i)) != 0) {
          set.add(order[i]);
        }
      }
      return set;
    }
  }
}

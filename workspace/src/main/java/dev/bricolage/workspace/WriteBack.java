package dev.bricolage.workspace;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
import java.util.UUID;

/**
 * Brings an outcome home: what changed is written into the workspace, what is as it should be is
 * left alone, what was deleted is deleted. Nothing is written through a symbolic link, so nothing
 * outside the workspace is ever touched.
 *
 * <p>First everything that could stand in the way is looked at and every file is laid beside its
 * place, read back from the store and proven; only then is anything removed or renamed. So a full
 * disk, a damaged blob or a folder in the way leave the workspace as it was.
 */
public final class WriteBack {
  /** How the names of files begin that are on their way to their place. */
  static final String TEMPORARY = ".bric-";

  private final Workspace workspace;
  private final String mount;
  private final Blobs blobs;
  private final FileDigests digests;
  private final Products products;
  private final UnderWay underWay;
  private final Optional<Tree> before;

  /** Sources whose content memory's answer rests on: they were asked for a moment ago. */
  private final Set<TreePath> justLookedAt = new HashSet<>();

  private final Map<TreePath, Entry> earlier = new TreeMap<>();
  private final Map<TreePath, Path> staged = new TreeMap<>();
  private final List<Laid> laid = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int written;
  private int deleted;

  /**
   * A way home.
   *
   * @param before the snapshot a run was given; empty when memory answered, a moment after looking
   */
  public WriteBack(
      Workspace workspace,
      String mount,
      Blobs blobs,
      FileDigests digests,
      Products products,
      UnderWay underWay,
      Optional<Tree> before) {
    this.workspace = workspace;
    this.mount = mount;
    this.blobs = blobs;
    this.digests = digests;
    this.products = products;
    this.underWay = underWay;
    this.before = before;
  }

  /**
   * What was done.
   *
   * @param written files, links and folders
   * @param notes what a person should know
   */
  public record Report(int written, int deleted, List<String> notes) {}

  /**
   * Applies {@code outcome}.
   *
   * @throws CannotWrite when something in the workspace is in the way; nothing is changed then
   * @throws BlobLost when the store lost an output since it was looked for; nothing is changed then
   */
  public Report apply(Outcome outcome) throws IOException {
    Set<TreePath> leaving = new HashSet<>(outcome.deleted());
    outcome.changes().keySet().forEach(this::recallProduct);
    outcome.deleted().forEach(this::recallProduct);
    if (before.isEmpty()) {
      justLookedAt.addAll(outcome.rewritten());
      justLookedAt.addAll(outcome.deleted());
    }
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      guarded(change.getKey(), () -> prepare(change.getKey(), change.getValue(), leaving));
    }
    if (staged.isEmpty()) {
      return placed(outcome);
    }
    Path note = underWay.note(List.copyOf(staged.values()));
    try {
      return placed(outcome);
    } finally {
      underWay.done(note);
    }
  }

  private Report placed(Outcome outcome) throws IOException {
    try {
      layAll();
      noteProducts(outcome);
      for (TreePath path : outcome.deleted().reversed()) {
        guarded(path, () -> delete(path));
      }
      for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
        guarded(change.getKey(), () -> place(change.getKey(), change.getValue()));
      }
    } finally {
      for (Path left : staged.values()) {
        Files.deleteIfExists(left);
      }
    }
    return new Report(written, deleted, notes);
  }

  private void recallProduct(TreePath path) {
    products.get(workspace.id(), path).ifPresent(entry -> earlier.put(path, entry));
  }

  /** Something done to one path of the workspace. */
  private interface Step {
    void take() throws IOException;
  }

  private void guarded(TreePath path, Step step) throws IOException {
    try {
      step.take();
    } catch (AccessDeniedException e) {
      throw cannotWrite(workspace.resolve(path), "permission denied");
    } catch (FileSystemException e) {
      String reason = Objects.requireNonNullElse(e.getReason(), e.toString());
      throw cannotWrite(workspace.resolve(path), reason);
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

  /**
   * Remembers what is a product before it is there: were we killed in between, a product would be
   * taken for a source, and never be made again.
   */
  private void noteProducts(Outcome outcome) {
    Map<TreePath, Optional<Entry>> changes = new TreeMap<>();
    for (TreePath path : outcome.deleted()) {
      if (earlier.containsKey(path)) {
        changes.put(path, Optional.empty());
      }
    }
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      TreePath path = change.getKey();
      boolean product = !outcome.rewritten().contains(path);
      if (product && !change.getValue().equals(earlier.get(path))) {
        changes.put(path, Optional.of(change.getValue()));
      }
    }
    products.record(workspace.id(), changes);
  }

  /** Looks for what is in the way, and lays a file beside its place. Removes nothing. */
  private void prepare(TreePath path, Entry entry, Set<TreePath> leaving) throws IOException {
    Path folder = checkFoldersAbove(path, leaving);
    Path real = workspace.resolve(path);
    Stat stat = Stat.of(real);
    boolean goes = leaving.contains(path);
    switch (entry) {
      case Entry.Folder below -> {
        if (stat.isSymlink() && !goes && !(earlier.get(path) instanceof Entry.Link)) {
          throw new CannotWrite(
              "cannot write into " + real + ": it is a link here; move it out of the way");
        }
      }
      case Entry.Link link -> refuseFolder(path, real, stat, leaving);
      case Entry.File file -> {
        refuseFolder(path, real, stat, leaving);
        if (!isThere(real, stat, file) && !editedMeanwhile(path, real, stat)) {
          stage(path, folder, file, stat);
        }
      }
    }
  }

  /**
   * Every folder above must be a real one, for a link might lead out of the workspace; or one that
   * comes to be in the place of something that goes.
   *
   * @return the deepest folder above that is there
   */
  private Path checkFoldersAbove(TreePath path, Set<TreePath> leaving) throws IOException {
    Path deepest = workspace.root();
    for (TreePath above : path.ancestors()) {
      Path real = workspace.resolve(above);
      Stat stat = Stat.of(real);
      if (!stat.exists() || (!stat.isDirectory() && leaving.contains(above))) {
        return deepest;
      }
      if (!stat.isDirectory()) {
        boolean ours = earlier.containsKey(above);
        if (ours) {
          return deepest;
        }
        throw new CannotWrite(
            "cannot write into " + real + ": it is not a folder here; move it out of the way");
      }
      deepest = real;
    }
    return deepest;
  }

  private void refuseFolder(TreePath path, Path real, Stat stat, Set<TreePath> leaving)
      throws IOException {
    if (stat.isDirectory() && !empties(path, leaving)) {
      throw new CannotWrite(
          "cannot write " + real + ": a folder is in its place; move it out of the way");
    }
  }

  /** Whether a folder goes, with all that is in it here. */
  private boolean empties(TreePath folder, Set<TreePath> leaving) throws IOException {
    if (!leaving.contains(folder)) {
      return false;
    }
    for (HostFiles.Name name : HostFiles.list(HostFiles.bytes(workspace.resolve(folder)))) {
      Optional<TreePath> below = name.text().map(folder::child);
      boolean goes =
          below.isPresent()
              && (name.type() == Stat.Type.DIRECTORY
                  ? empties(below.get(), leaving)
                  : leaving.contains(below.get()));
      if (!goes) {
        return false;
      }
    }
    return true;
  }

  private boolean isThere(Path real, Stat stat, Entry.File file) throws IOException {
    return stat.isFile() && digests.digest(real, stat).equals(file.digest());
  }

  private void stage(TreePath path, Path folder, Entry.File file, Stat stat) throws IOException {
    Path temporary = folder.resolve(TEMPORARY + UUID.randomUUID());
    staged.put(path, temporary);
    laid.add(new Laid(path, temporary, file.digest(), mode(file.executable(), stat)));
  }

  /** A file that is to be laid beside its place. */
  private record Laid(TreePath path, Path temporary, Digest digest, int mode) {}

  /** Lays them, on as many threads as there are processors. */
  private void layAll() throws IOException {
    blobs.gather(laid.stream().map(Laid::digest).toList());
    List<Optional<IOException>> failures = laid.parallelStream().map(this::lay).toList();
    for (Optional<IOException> failure : failures) {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  /** Gives how it failed: an exception would leave others at work on files that are swept. */
  private Optional<IOException> lay(Laid file) {
    try {
      guarded(
          file.path(),
          () -> {
            if (!blobs.copy(file.digest(), file.temporary(), file.mode())) {
              throw new BlobLost(file.digest());
            }
          });
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      return Optional.of(new IOException(e));
    }
  }

  /** As the file that is replaced has it, but for the execute bits. */
  private static int mode(boolean executable, Stat stat) {
    int mode = stat.isFile() ? stat.mode() & 0777 : 0644;
    return executable ? mode | ((mode & 0444) >> 2) : mode & ~0111;
  }

  private void place(TreePath path, Entry entry) throws IOException {
    Path real = workspace.resolve(path);
    Stat stat = Stat.of(real);
    switch (entry) {
      case Entry.Folder folder -> folder(path, real, stat);
      case Entry.Link link -> link(path, real, stat, link.target());
      case Entry.File file -> file(path, real, stat, file);
    }
  }

  private void folder(TreePath path, Path real, Stat stat) throws IOException {
    if (stat.isDirectory()) {
      return;
    }
    if (stat.exists()) {
      save(path, real, stat, "replaced");
      Files.delete(real);
    }
    Files.createDirectories(real);
    written++;
  }

  private void link(TreePath path, Path real, Stat stat, String target) throws IOException {
    Optional<String> home = home(path, target);
    if (home.isEmpty()) {
      notes.add(
          "not written: " + path + ", a link to " + target + ", which leads out of the workspace");
      return;
    }
    if (stat.isSymlink() && Visibility.link(real).equals(home.get())) {
      return;
    }
    if (editedMeanwhile(path, real, stat)) {
      notes.add(path + " was changed while the command ran, and is kept");
      return;
    }
    save(path, real, stat, "replaced");
    Path temporary = workspace.resolve(path.parent()).resolve(TEMPORARY + UUID.randomUUID());
    Files.createDirectories(workspace.resolve(path.parent()));
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

  private void file(TreePath path, Path real, Stat stat, Entry.File file) throws IOException {
    Path ready = staged.get(path);
    if (ready != null) {
      if (!isThere(real, stat, file)) { // somebody else may have brought the same meanwhile
        save(path, real, stat, "replaced");
      }
      Files.createDirectories(workspace.resolve(path.parent()));
      Files.move(ready, real, StandardCopyOption.ATOMIC_MOVE);
      staged.remove(path);
      written++;
    } else if (!isThere(real, stat, file)) {
      notes.add(
          path
              + " was changed while the command ran, and is kept; the command's own: bric store cat "
              + file.digest());
    } else if (stat.executable() != file.executable()) {
      Files.setPosixFilePermissions(real, Permissions.of(file.executable(), stat));
      written++;
    }
  }

  /** Whether a source is no longer what the run was given: somebody works on it. */
  private boolean editedMeanwhile(TreePath path, Path real, Stat stat) throws IOException {
    Optional<Entry> given = before.flatMap(tree -> tree.at(path));
    if (given.isEmpty() || !stat.exists()) {
      return false;
    }
    return switch (given.get()) {
      case Entry.Folder folder -> !stat.isDirectory();
      case Entry.Link link -> !stat.isSymlink() || !Visibility.link(real).equals(link.target());
      case Entry.File file -> !isThere(real, stat, file);
    };
  }

  /**
   * Keeps what is about to go in the store, unless it is what the run was given or what a run made:
   * a product that somebody changed, a file that git ignores.
   */
  private void save(TreePath path, Path real, Stat stat, String fate) throws IOException {
    Optional<Entry> ours = Optional.ofNullable(earlier.get(path));
    if (stat.isSymlink() && ours.isEmpty() && before.flatMap(tree -> tree.at(path)).isEmpty()) {
      notes.add(path + " was " + fate + "; it was a link to " + Visibility.link(real));
    }
    if (!stat.isFile()) {
      return;
    }
    Digest there = digests.digest(real, stat);
    Optional<Entry> expected = before.flatMap(tree -> tree.at(path)).or(() -> ours);
    boolean known =
        expected
            .map(entry -> entry instanceof Entry.File file && file.digest().equals(there))
            .orElse(justLookedAt.contains(path));
    if (known) {
      return;
    }
    Digest kept = blobs.put(real);
    String what =
        ours.isPresent()
            ? " was changed since a run made it; the old one"
            : " was " + fate + "; what was there";
    notes.add(path + what + ": bric store cat " + kept);
  }

  private void delete(TreePath path) throws IOException {
    Path real = workspace.resolve(path);
    for (TreePath above : path.ancestors()) {
      if (!Stat.of(workspace.resolve(above)).isDirectory()) {
        return;
      }
    }
    Stat stat = Stat.of(real);
    if (editedMeanwhile(path, real, stat)) {
      notes.add(path + " was changed while the command ran, and is kept; the command deleted it");
      return;
    }
    save(path, real, stat, "deleted");
    try {
      if (Files.deleteIfExists(real)) {
        deleted++;
      }
    } catch (DirectoryNotEmptyException kept) {
      notes.add(path + " is kept: it holds files that the run did not see");
    }
  }

  /** An output is not in the store any more; running again heals it. */
  public static final class BlobLost extends IOException {
    private static final long serialVersionUID = 1;

    /** Of this blob. */
    public BlobLost(Digest digest) {
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

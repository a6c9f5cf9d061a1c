package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * Where things are under the store's folder: the names of {@code docs/formats/store.md} and nothing
 * else.
 *
 * @param root the folder itself, absolute
 * @param boot names this start of the machine; what was written in an earlier one and not known to
 *     be on the disk is suspect
 */
record Home(Path root, String boot) {
  /** The version of the layout this code reads and writes. */
  static final int FORMAT = 1;

  private static final String UNIQUE =
      ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

  private static final String FORMAT_LINE = "bricolage store ";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** The two kinds of blob files. */
  enum Pool {
    /** Every blob. */
    PLAIN("blobs", "", 0644),
    /** Copies of some, for those who need the execute bit: a hard link shares its file's mode. */
    EXEC("exec", ".x", 0755);

    final String folder;
    final String suffix;
    final int mode;

    Pool(String folder, String suffix, int mode) {
      this.folder = folder;
      this.suffix = suffix;
      this.mode = mode;
    }
  }

  /** The folder {@code root}, made if it is not there, and of a format we know. */
  static Home at(Path root) {
    try {
      Files.createDirectories(
          root.toAbsolutePath(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return new Home(root.toRealPath(), bootId());
    } catch (IOException e) {
      throw new StoreException(
          "cannot make the store's folder %s: %s; set BRIC_HOME to a folder you may write to"
              .formatted(root, reasonAlone(e)),
          e);
    }
  }

  /** What an exception says without the path, which the sentence around it names. */
  private static String reasonAlone(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : reason(e);
  }

  /** Without a boot id nothing is ever taken for having been written since the last start. */
  static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "unknown-" + Long.toHexString(System.nanoTime());
    }
  }

  /**
   * Makes what is missing and refuses a newer format. Call with the lock of {@link Store#openLock}
   * held.
   */
  void prepare() throws IOException {
    checkFormat();
    HostFiles.spread(HostFiles.bytes(root));
    for (String folder : List.of("blobs", "exec", "fresh", "fresh/" + boot, "sessions", "tmp")) {
      HostFiles.makeDirectory(bytes(folder), 0755);
    }
  }

  private void checkFormat() throws IOException {
    Path format = root.resolve("format");
    String found = Files.exists(format) ? Files.readString(format).strip() : "";
    if (found.isEmpty()) { // a disk that was full may have left it so
      writeWhole("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
      writeWhole("format", FORMAT_LINE + FORMAT + "\n");
      return;
    }
    if (!found.equals(FORMAT_LINE + FORMAT)) {
      throw new StoreException(
          "the store %s has the format '%s', this bric knows '%s': use the newer bric that made it, or set BRIC_HOME to another folder"
              .formatted(root, found, FORMAT_LINE + FORMAT));
    }
  }

  private void writeWhole(String name, String text) throws IOException {
    Path fresh = root.resolve(name + "." + UNIQUE);
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** What an exception says without its class name. */
  static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Where a blob is once it is known to be on the disk. */
  byte[] settled(Pool pool, Digest digest) {
    return settled(pool, digest.hex());
  }

  /** The same by hash. */
  byte[] settled(Pool pool, String hex) {
    return bytes(pool.folder + "/" + hex.substring(0, 2) + "/" + hex.substring(2));
  }

  /** The folder in which it is then. */
  byte[] shard(Pool pool, String hex) {
    return bytes(pool.folder + "/" + hex.substring(0, 2));
  }

  /** Where a blob is before that. */
  byte[] fresh(Pool pool, Digest digest) {
    return bytes("fresh/" + boot + "/" + digest.hex() + pool.suffix);
  }

  /** A name no other process gives; number what is named in this one. */
  String unique() {
    return UNIQUE;
  }

  /** A path below the root. */
  Path path(String relative) {
    return root.resolve(relative);
  }

  /** A path below the root, as the kernel takes it; {@code relative} is ASCII. */
  byte[] bytes(String relative) {
    byte[] top = HostFiles.bytes(root);
    byte[] rest = relative.getBytes(StandardCharsets.US_ASCII);
    byte[] joined = new byte[top.length + 1 + rest.length];
    System.arraycopy(top, 0, joined, 0, top.length);
    joined[top.length] = '/';
    System.arraycopy(rest, 0, joined, top.length + 1, rest.length);
    return joined;
  }

  /** The hash and pool a file name in {@code fresh/} stands for, if it is one of ours. */
  static Optional<Pool> poolOf(String freshName) {
    Pool pool = freshName.endsWith(Pool.EXEC.suffix) ? Pool.EXEC : Pool.PLAIN;
    return isHash(hashOf(freshName)) ? Optional.of(pool) : Optional.empty();
  }

  /** The hash in a file name of {@code fresh/}. */
  static String hashOf(String freshName) {
    String suffix = Pool.EXEC.suffix;
    return freshName.endsWith(suffix)
        ? freshName.substring(0, freshName.length() - suffix.length())
        : freshName;
  }

  /** Whether this is 64 lower-case hexadecimal digits. */
  static boolean isHash(String text) {
    return text.length() == 2 * Digest.HASH_BYTES
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}

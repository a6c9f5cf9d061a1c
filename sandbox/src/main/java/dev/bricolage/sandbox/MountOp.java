package dev.bricolage.sandbox;

import java.util.Arrays;
import java.util.List;

/**
 * One step in building a sandbox's file tree, which starts as an empty tmpfs. Paths of the sandbox
 * are absolute; sources are absolute paths of the host. Directories above a path are made as needed
 * (mode 755). Order matters: a later operation covers an earlier one.
 */
public sealed interface MountOp {
  /** A directory of the root, read-only once the command runs. */
  record Dir(String path, int mode) implements MountOp {
    public Dir {
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "dir " + path + " " + octal(mode);
    }
  }

  /** An empty directory in memory that the command may write to. */
  record Tmpfs(String path, int mode) implements MountOp {
    public Tmpfs {
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "tmpfs " + path + " " + octal(mode);
    }
  }

  /** The host's file or directory, with all mounted below it, read-only, without set-user-id. */
  record BindReadOnly(String source, String path) implements MountOp {
    public BindReadOnly {
      requireAbsolute(source);
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "bind-ro " + source + " -> " + path;
    }
  }

  /** The host's file, device or directory, writable as it is for the caller. */
  record BindWritable(String source, String path) implements MountOp {
    public BindWritable {
      requireAbsolute(source);
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "bind-rw " + source + " -> " + path;
    }
  }

  /** A small regular file whose content, compared and copied as a value, is part of the plan. */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out, and compared by content, below
  record File(String path, byte[] content, int mode) implements MountOp {
    public File {
      requireAbsolute(path);
      content = content.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof File that
          && path.equals(that.path)
          && mode == that.mode
          && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
      return 31 * path.hashCode() + Arrays.hashCode(content) + mode;
    }

    @Override
    public String toString() {
      return "file " + path + " " + octal(mode) + " " + content.length + " bytes";
    }
  }

  /** A symbolic link; {@code target} is written as it is. */
  record Symlink(String target, String path) implements MountOp {
    public Symlink {
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "symlink " + path + " -> " + target;
    }
  }

  /**
   * The {@code lowers}, topmost first, with the command's writes going to {@code upper}. {@code
   * work} is an empty directory on the same file system as {@code upper}. Both serve one run only:
   * the overlay is mounted {@code volatile}, without any sync. In {@code upper} a deleted name is a
   * character device 0:0, and a directory that hides its lower one has the attribute {@code
   * user.overlay.opaque} = {@code y}.
   */
  record Overlay(List<String> lowers, String upper, String work, String path) implements MountOp {
    public Overlay {
      lowers = List.copyOf(lowers);
      if (lowers.isEmpty()) {
        throw new IllegalArgumentException("an overlay needs at least one lower directory");
      }
      lowers.forEach(MountOp::requireAbsolute);
      requireAbsolute(upper);
      requireAbsolute(work);
      requireAbsolute(path);
    }

    /** An overlay over a single directory. */
    public Overlay(String lower, String upper, String work, String path) {
      this(List.of(lower), upper, work, path);
    }

    @Override
    public String toString() {
      return "overlay " + String.join(":", lowers) + " + " + upper + " -> " + path;
    }
  }

  /** The process file system of the sandbox's own processes, read-only. */
  record Proc(String path) implements MountOp {
    public Proc {
      requireAbsolute(path);
    }

    @Override
    public String toString() {
      return "proc " + path;
    }
  }

  private static String octal(int mode) {
    return Integer.toOctalString(mode);
  }

  private static void requireAbsolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a plan's path must be absolute, not `" + path + "`");
    }
  }
}

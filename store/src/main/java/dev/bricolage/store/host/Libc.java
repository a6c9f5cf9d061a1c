package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's functions with the kernel's own convention: a result below zero is the negated
 * {@code errno}. Numbers are those of Linux on x86-64 and arm64.
 */
final class Libc {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int EMLINK = 31;
  static final int ENOSYS = 38;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_TRUNC = 01000;
  static final int O_APPEND = 02000;
  static final int O_DIRECTORY = 0200000;
  static final int O_NOATIME = 01000000;
  static final int O_CLOEXEC = 02000000;

  /** Room for any {@code struct statx}, which the kernel fixes at 256 bytes. */
  static final int STATX_BYTES = 256;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_IN_STATE =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle STATX =
      find("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINK =
      find("readlink", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LINK = find("link", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle RENAME = find("rename", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle UNLINK = find("unlink", JAVA_INT, ADDRESS);
  private static final MethodHandle RMDIR = find("rmdir", JAVA_INT, ADDRESS);
  private static final MethodHandle MKDIR = find("mkdir", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle UTIMENSAT =
      find("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle FUTIMENS = find("futimens", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FCHMOD = find("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          ERRNO);
  private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ = find("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = find("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle FTRUNCATE = find("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle LSEEK = find("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle FSYNC = find("fsync", JAVA_INT, JAVA_INT);
  private static final MethodHandle SYNCFS = find("syncfs", JAVA_INT, JAVA_INT);
  private static final MethodHandle FLOCK = find("flock", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle IOCTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("ioctl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2),
          ERRNO);
  private static final MethodHandle GETDENTS =
      find("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror_r"),
          FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG));

  private Libc() {}

  private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
  }

  /** Where a call leaves its errno. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /** These bytes with a NUL at the end. */
  static MemorySegment string(Arena arena, byte[] text) {
    for (byte b : text) {
      if (b == 0) {
        throw new IllegalArgumentException("a path cannot hold NUL: " + HostFiles.text(text));
      }
    }
    MemorySegment segment = arena.allocate(text.length + 1L);
    MemorySegment.copy(text, 0, segment, JAVA_BYTE, 0, text.length);
    return segment;
  }

  /** What the C library calls this errno. */
  static String message(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(256);
      MemorySegment said = (MemorySegment) STRERROR.invokeExact(errno, room, 256L);
      return said.reinterpret(256).getString(0);
    } catch (Throwable e) {
      throw new AssertionError("strerror_r", e);
    }
  }

  static int statx(
      MemorySegment state, int dir, MemorySegment path, int flags, int mask, MemorySegment out) {
    try {
      return result((int) STATX.invokeExact(state, dir, path, flags, mask, out), state);
    } catch (Throwable e) {
      throw new AssertionError("statx", e);
    }
  }

  static long readlink(MemorySegment state, MemorySegment path, MemorySegment out, long room) {
    try {
      return result((long) READLINK.invokeExact(state, path, out, room), state);
    } catch (Throwable e) {
      throw new AssertionError("readlink", e);
    }
  }

  static int link(MemorySegment state, MemorySegment from, MemorySegment to) {
    try {
      return result((int) LINK.invokeExact(state, from, to), state);
    } catch (Throwable e) {
      throw new AssertionError("link", e);
    }
  }

  static int rename(MemorySegment state, MemorySegment from, MemorySegment to) {
    try {
      return result((int) RENAME.invokeExact(state, from, to), state);
    } catch (Throwable e) {
      throw new AssertionError("rename", e);
    }
  }

  static int unlink(MemorySegment state, MemorySegment path) {
    try {
      return result((int) UNLINK.invokeExact(state, path), state);
    } catch (Throwable e) {
      throw new AssertionError("unlink", e);
    }
  }

  static int rmdir(MemorySegment state, MemorySegment path) {
    try {
      return result((int) RMDIR.invokeExact(state, path), state);
    } catch (Throwable e) {
      throw new AssertionError("rmdir", e);
    }
  }

  static int mkdir(MemorySegment state, MemorySegment path, int mode) {
    try {
      return result((int) MKDIR.invokeExact(state, path, mode), state);
    } catch (Throwable e) {
      throw new AssertionError("mkdir", e);
    }
  }

  static int utimensat(MemorySegment state, int dir, MemorySegment path, MemorySegment times) {
    try {
      return result(
          (int) UTIMENSAT.invokeExact(state, dir, path, times, AT_SYMLINK_NOFOLLOW), state);
    } catch (Throwable e) {
      throw new AssertionError("utimensat", e);
    }
  }

  static int futimens(MemorySegment state, int fd, MemorySegment times) {
    try {
      return result((int) FUTIMENS.invokeExact(state, fd, times), state);
    } catch (Throwable e) {
      throw new AssertionError("futimens", e);
    }
  }

  static int fchmod(MemorySegment state, int fd, int mode) {
    try {
      return result((int) FCHMOD.invokeExact(state, fd, mode), state);
    } catch (Throwable e) {
      throw new AssertionError("fchmod", e);
    }
  }

  static int open(MemorySegment state, MemorySegment path, int flags, int mode) {
    try {
      return result((int) OPEN.invokeExact(state, path, flags | O_CLOEXEC, mode), state);
    } catch (Throwable e) {
      throw new AssertionError("open", e);
    }
  }

  static int close(MemorySegment state, int fd) {
    try {
      return result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw new AssertionError("close", e);
    }
  }

  static long read(MemorySegment state, int fd, MemorySegment out, long count) {
    try {
      return result((long) READ.invokeExact(state, fd, out, count), state);
    } catch (Throwable e) {
      throw new AssertionError("read", e);
    }
  }

  static long write(MemorySegment state, int fd, MemorySegment bytes, long count) {
    try {
      return result((long) WRITE.invokeExact(state, fd, bytes, count), state);
    } catch (Throwable e) {
      throw new AssertionError("write", e);
    }
  }

  static int ftruncate(MemorySegment state, int fd, long size) {
    try {
      return result((int) FTRUNCATE.invokeExact(state, fd, size), state);
    } catch (Throwable e) {
      throw new AssertionError("ftruncate", e);
    }
  }

  /** From the file's start. */
  static long lseek(MemorySegment state, int fd, long offset) {
    try {
      return result((long) LSEEK.invokeExact(state, fd, offset, 0), state);
    } catch (Throwable e) {
      throw new AssertionError("lseek", e);
    }
  }

  static int fsync(MemorySegment state, int fd) {
    try {
      return result((int) FSYNC.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw new AssertionError("fsync", e);
    }
  }

  static int syncfs(MemorySegment state, int fd) {
    try {
      return result((int) SYNCFS.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw new AssertionError("syncfs", e);
    }
  }

  static int flock(MemorySegment state, int fd, int operation) {
    try {
      return result((int) FLOCK.invokeExact(state, fd, operation), state);
    } catch (Throwable e) {
      throw new AssertionError("flock", e);
    }
  }

  static int ioctl(MemorySegment state, int fd, long request, MemorySegment argument) {
    try {
      return result((int) IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw new AssertionError("ioctl", e);
    }
  }

  static long getdents(MemorySegment state, int fd, MemorySegment out, long room) {
    try {
      return result((long) GETDENTS.invokeExact(state, fd, out, room), state);
    } catch (Throwable e) {
      throw new AssertionError("getdents64", e);
    }
  }

  private static int result(int returned, MemorySegment state) {
    return returned >= 0 ? returned : -(int) ERRNO_IN_STATE.get(state, 0L);
  }

  private static long result(long returned, MemorySegment state) {
    return returned >= 0 ? returned : -(int) ERRNO_IN_STATE.get(state, 0L);
  }
}

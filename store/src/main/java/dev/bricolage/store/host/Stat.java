package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What the kernel says is at a path ({@code statx(2)}). Nothing being there is an answer, {@link
 * #ABSENT}, and no exception: a build asks about thousands of paths that are not there.
 *
 * @param type what it is
 * @param mode permission bits, {@code 07777}
 * @param size bytes
 * @param device major number in the upper, minor in the lower 32 bits
 * @param inode the file's number on that device
 * @param links how many names it has
 * @param mtime nanoseconds since 1970 of the last change of its bytes; anybody may set it
 * @param ctime nanoseconds since 1970 of the last change of bytes, mode, names; the kernel's alone
 * @param atime nanoseconds since 1970 of the last use
 * @param mount number of the mount it was found in, never given twice while the machine is up; 0
 *     where the kernel (before 6.8) has no such number
 */
public record Stat(
    Type type,
    int mode,
    long size,
    long device,
    long inode,
    long links,
    long mtime,
    long ctime,
    long atime,
    long mount) {

  /** What a path leads to. */
  public enum Type {
    /** Nothing: no such name, or a name below something that is no folder. */
    ABSENT,
    /** A regular file. */
    FILE,
    /** A folder. */
    DIRECTORY,
    /** A symbolic link itself. */
    SYMLINK,
    /** A device, a socket, a named pipe. */
    OTHER
  }

  /** The answer for a path where nothing is. */
  public static final Stat ABSENT = new Stat(Type.ABSENT, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final int BASIC_STATS = 0x7ff;
  private static final int MOUNT_ID_UNIQUE = 0x4000;
  private static final int BIRTH_TIME = 0x800;
  private static final int ASKED = BASIC_STATS | MOUNT_ID_UNIQUE;
  private static final long NANOS = 1_000_000_000L;

  /** What is at {@code path}, a final symbolic link not followed. */
  public static Stat of(Path path) throws IOException {
    return of(HostFiles.bytes(path));
  }

  /** What is at {@code path}, a final symbolic link not followed. */
  public static Stat of(String path) throws IOException {
    return of(path.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is at {@code path}, a final symbolic link not followed.
   *
   * @param path the name's bytes as the kernel has them, without NUL
   * @throws java.nio.file.AccessDeniedException when a folder on the way may not be searched
   * @throws IOException naming the path, for anything else but absence
   */
  public static Stat of(byte[] path) throws IOException {
    return ask(path, Libc.AT_SYMLINK_NOFOLLOW);
  }

  /** What {@code path} leads to, through symbolic links; a dangling one leads to nothing. */
  public static Stat following(Path path) throws IOException {
    return ask(HostFiles.bytes(path), 0);
  }

  private static Stat ask(byte[] path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment out = arena.allocate(Libc.STATX_BYTES, 8);
      MemorySegment name = Libc.string(arena, path);
      int result = Libc.statx(state, Libc.AT_FDCWD, name, flags, ASKED, out);
      if (result == -Libc.ENOENT || result == -Libc.ENOTDIR) {
        return ABSENT;
      }
      HostFiles.check(result, path);
      return read(out);
    }
  }

  /** What the open file {@code fd} is. */
  static Stat of(int fd, byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment out = arena.allocate(Libc.STATX_BYTES, 8);
      MemorySegment empty = arena.allocate(1);
      HostFiles.check(Libc.statx(state, fd, empty, Libc.AT_EMPTY_PATH, ASKED, out), path);
      return read(out);
    }
  }

  /** Offsets of {@code struct statx}, {@code linux/stat.h}. */
  private static Stat read(MemorySegment statx) {
    int mode = statx.get(JAVA_SHORT, 28) & 0xffff;
    long major = statx.get(JAVA_INT, 136) & 0xffffffffL;
    long minor = statx.get(JAVA_INT, 140) & 0xffffffffL;
    return new Stat(
        type(mode),
        mode & 07777,
        statx.get(JAVA_LONG, 40),
        (major << 32) | minor,
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_INT, 16) & 0xffffffffL,
        time(statx, 112),
        time(statx, 96),
        time(statx, 64),
        (statx.get(JAVA_INT, 0) & MOUNT_ID_UNIQUE) == 0 ? 0 : statx.get(JAVA_LONG, 144));
  }

  private static long time(MemorySegment statx, long offset) {
    return statx.get(JAVA_LONG, offset) * NANOS + statx.get(JAVA_INT, offset + 8);
  }

  private static Type type(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> Type.FILE;
      case 0040000 -> Type.DIRECTORY;
      case 0120000 -> Type.SYMLINK;
      default -> Type.OTHER;
    };
  }

  /** When it was made, nanoseconds since 1970; 0 where the file system does not tell. */
  static long birth(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(Libc.STATX_BYTES, 8);
      HostFiles.check(
          Libc.statx(
              Libc.state(arena),
              Libc.AT_FDCWD,
              Libc.string(arena, path),
              Libc.AT_SYMLINK_NOFOLLOW,
              BIRTH_TIME,
              out),
          path);
      return (out.get(JAVA_INT, 0) & BIRTH_TIME) == 0 ? 0 : time(out, 80);
    }
  }

  /** Whether something is there. */
  public boolean exists() {
    return type != Type.ABSENT;
  }

  /** Whether it is a regular file. */
  public boolean isFile() {
    return type == Type.FILE;
  }

  /** Whether it is a folder. */
  public boolean isDirectory() {
    return type == Type.DIRECTORY;
  }

  /** Whether it is a symbolic link. */
  public boolean isSymlink() {
    return type == Type.SYMLINK;
  }

  /** Whether its owner may execute it. */
  public boolean executable() {
    return (mode & 0100) != 0;
  }

  /**
   * Whether this and {@code other} are the same file with, as far as the kernel tells, same bytes.
   */
  public boolean sameContent(Stat other) {
    return type == other.type
        && inode == other.inode
        && device == other.device
        && size == other.size
        && mtime == other.mtime
        && ctime == other.ctime;
  }
}

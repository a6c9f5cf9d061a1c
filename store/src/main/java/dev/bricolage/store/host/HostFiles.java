package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * System calls on names. Names are bytes, as the kernel has them; {@link #bytes} turns a {@link
 * Path} into them. Failures are {@link FileSystemException}s that name the path: {@link
 * NoSuchFileException}, {@link AccessDeniedException}, {@link FileAlreadyExistsException}, {@link
 * DiskFull}, or the general one with the system's words.
 */
public final class HostFiles {
  /** For {@link #setTimes}: leave this time as it is. */
  public static final long KEEP = Long.MIN_VALUE;

  /** For {@link #setTimes}: the moment of the call. */
  public static final long NOW = Long.MAX_VALUE;

  private static final long UTIME_NOW = (1L << 30) - 1;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final long NANOS = 1_000_000_000L;

  /** {@code EXT4_TOPDIR_FL}. */
  private static final int TOP_OF_HIERARCHY = 0x20000;

  private static final int PATH_MAX = 4096;
  private static final int DIRENTS_BYTES = 64 * 1024;
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private HostFiles() {}

  /** How a hard link came out. */
  public enum Linked {
    /** The second name is there. */
    DONE,
    /** The first name is not there, or the folder of the second. */
    ABSENT,
    /** The file has as many names as its file system allows. */
    TOO_MANY_NAMES,
    /** Not on this pair of file systems, or not allowed by them. */
    IMPOSSIBLE
  }

  /**
   * One name in a folder.
   *
   * @param bytes the name as the kernel has it
   * @param type what the folder says it is; OTHER also when the file system does not tell
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each row would cost
  public record Name(byte[] bytes, Stat.Type type) {
    /** The name as text, or nothing when it is not UTF-8. */
    public Optional<String> text() {
      try {
        return Optional.of(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      } catch (CharacterCodingException e) {
        return Optional.empty();
      }
    }
  }

  /** The bytes the JDK would hand to the kernel for this path. */
  public static byte[] bytes(Path path) {
    return path.toString().getBytes(PATHS);
  }

  /** A name for people. */
  public static String text(byte[] path) {
    return new String(path, StandardCharsets.UTF_8);
  }

  /** What the symbolic link at {@code path} holds. */
  public static byte[] readLink(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(PATH_MAX);
      MemorySegment state = Libc.state(arena);
      long length = Libc.readlink(state, Libc.string(arena, path), out, PATH_MAX);
      check(length, path);
      return out.asSlice(0, length).toArray(JAVA_BYTE);
    }
  }

  /**
   * Gives the file {@code from} the second name {@code to}.
   *
   * @throws FileAlreadyExistsException when {@code to} is taken
   */
  public static Linked link(byte[] from, byte[] to) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Libc.link(Libc.state(arena), Libc.string(arena, from), Libc.string(arena, to));
      return switch (-result) {
        case Libc.ENOENT -> Linked.ABSENT;
        case Libc.EMLINK -> Linked.TOO_MANY_NAMES;
        case Libc.EXDEV, Libc.EPERM, Libc.ENOSYS, Libc.EOPNOTSUPP -> Linked.IMPOSSIBLE;
        default -> {
          check(result, to);
          yield Linked.DONE;
        }
      };
    }
  }

  /** Gives the file {@code from} the name {@code to} instead, replacing what was there. */
  public static void rename(byte[] from, byte[] to) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      check(Libc.rename(Libc.state(arena), Libc.string(arena, from), Libc.string(arena, to)), from);
    }
  }

  /** Removes a name that is not a folder's; whether it was there. */
  public static boolean unlink(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Libc.unlink(Libc.state(arena), Libc.string(arena, path));
      if (result == -Libc.ENOENT || result == -Libc.ENOTDIR) {
        return false;
      }
      check(result, path);
      return true;
    }
  }

  /** Makes a folder unless something is there already. */
  public static void makeDirectory(byte[] path, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Libc.mkdir(Libc.state(arena), Libc.string(arena, path), mode);
      if (result != -Libc.EEXIST) {
        check(result, path);
      }
    }
  }

  /** Removes an empty folder. */
  public static void removeDirectory(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      check(Libc.rmdir(Libc.state(arena), Libc.string(arena, path)), path);
    }
  }

  /**
   * Sets a file's times, a symbolic link's own.
   *
   * @param atime nanoseconds since 1970, or {@link #KEEP}, or {@link #NOW}
   * @param mtime the same
   * @return false when nothing is there
   */
  public static boolean setTimes(byte[] path, long atime, long mtime) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int result =
          Libc.utimensat(
              Libc.state(arena),
              Libc.AT_FDCWD,
              Libc.string(arena, path),
              times(arena, atime, mtime));
      if (result == -Libc.ENOENT || result == -Libc.ENOTDIR) {
        return false;
      }
      check(result, path);
      return true;
    }
  }

  /** Two {@code struct timespec}. */
  static MemorySegment times(Arena arena, long atime, long mtime) {
    MemorySegment times = arena.allocate(32, 8);
    set(times, 0, atime);
    set(times, 16, mtime);
    return times;
  }

  private static void set(MemorySegment times, long offset, long nanos) {
    boolean special = nanos == KEEP || nanos == NOW;
    long special30 = nanos == KEEP ? UTIME_OMIT : UTIME_NOW;
    times.set(JAVA_LONG, offset, special ? 0 : Math.floorDiv(nanos, NANOS));
    times.set(JAVA_LONG, offset + 8, special ? special30 : Math.floorMod(nanos, NANOS));
  }

  /** The names in a folder, without {@code .} and {@code ..}, in no order. */
  public static List<Name> list(byte[] folder) throws IOException {
    try (Arena arena = Arena.ofConfined();
        HostFile open = HostFile.openFolder(folder)) {
      MemorySegment entries = arena.allocate(DIRENTS_BYTES, 8);
      List<Name> names = new ArrayList<>();
      for (long read = open.entries(entries); read > 0; read = open.entries(entries)) {
        collect(entries, read, names);
      }
      return names;
    }
  }

  /** Reads {@code struct linux_dirent64}: inode 8, offset 8, length 2, type 1, name. */
  private static void collect(MemorySegment entries, long length, List<Name> names) {
    long at = 0;
    while (at < length) {
      int size = entries.get(JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
      byte[] name = name(entries, at + 19, at + size);
      if (!isDots(name)) {
        names.add(new Name(name, type(entries.get(JAVA_BYTE, at + 18))));
      }
      at += size;
    }
  }

  private static byte[] name(MemorySegment entries, long start, long limit) {
    long end = start;
    while (end < limit && entries.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return entries.asSlice(start, end - start).toArray(JAVA_BYTE);
  }

  private static boolean isDots(byte[] name) {
    return (name.length == 1 && name[0] == '.')
        || (name.length == 2 && name[0] == '.' && name[1] == '.');
  }

  private static Stat.Type type(byte dirent) {
    return switch (dirent) {
      case 4 -> Stat.Type.DIRECTORY;
      case 8 -> Stat.Type.FILE;
      case 10 -> Stat.Type.SYMLINK;
      default -> Stat.Type.OTHER;
    };
  }

  /**
   * A text that tells this folder from every other, and stays when it is renamed: device, inode and
   * the moment it was made, for inodes are used again. Where no such moment is kept, the path.
   */
  public static String identity(Path folder) throws IOException {
    byte[] path = bytes(folder);
    Stat stat = Stat.of(path);
    long birth = Stat.birth(path);
    String made = birth == 0 ? folder.toString() : Long.toString(birth);
    return stat.device() + ":" + stat.inode() + ":" + made;
  }

  /**
   * Asks ext4 to place this folder's future subfolders, and so the files in them, far apart ({@code
   * chattr +T}). For folders below which many files are removed: making a file in a block group
   * where many were removed within the last minutes costs up to 0.7 ms of processor time, for each
   * of those inodes is looked at and passed over; elsewhere 0.01 ms.
   *
   * @return whether the file system does so
   */
  public static boolean spread(byte[] folder) throws IOException {
    try (HostFile open = HostFile.openFolder(folder)) {
      return open.setFlag(TOP_OF_HIERARCHY);
    }
  }

  /** Writes everything its file system holds to the disk ({@code syncfs(2)}). */
  public static void syncFileSystem(byte[] folder) throws IOException {
    try (HostFile open = HostFile.openFolder(folder)) {
      open.syncFileSystem();
    }
  }

  /** Turns a negated errno into an exception that names the path. */
  static void check(long result, byte[] path) throws IOException {
    if (result >= 0) {
      return;
    }
    String name = text(path);
    int errno = (int) -result;
    throw switch (errno) {
      case Libc.ENOENT -> new NoSuchFileException(name);
      case Libc.EACCES -> new AccessDeniedException(name);
      case Libc.EEXIST -> new FileAlreadyExistsException(name);
      case Libc.ENOSPC, Libc.EDQUOT -> new DiskFull(name, Libc.message(errno));
      default -> new FileSystemException(name, null, Libc.message(errno));
    };
  }
}

package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * One open file, for one thread at a time. Beside {@code FileChannel} it tells a full disk from
 * other failures by its number instead of its translated text, takes names as bytes and sets mode
 * and times without naming the file again.
 */
public final class HostFile implements AutoCloseable {
  private static final long GET_FLAGS = 0x80086601L;
  private static final long SET_FLAGS = 0x40086602L;
  private static final int CHUNK_BYTES = 128 * 1024;

  private final byte[] path;
  private final int fd;

  private HostFile(byte[] path, int flags, int mode) throws IOException {
    this.path = path;
    try (Arena arena = Arena.ofConfined()) {
      this.fd = Libc.open(Libc.state(arena), Libc.string(arena, path), flags, mode);
    }
    HostFiles.check(fd, path);
  }

  /** Opens a file to read it. */
  public static HostFile open(byte[] path) throws IOException {
    return new HostFile(path, Libc.O_RDONLY, 0);
  }

  /** Opens a file to read it, if it is there. */
  public static Optional<HostFile> openIfThere(byte[] path) throws IOException {
    try {
      return Optional.of(open(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Opens a file to look at it, if it is there; one of our own keeps its time of last use. */
  public static Optional<HostFile> glance(byte[] path) throws IOException {
    try {
      return Optional.of(new HostFile(path, Libc.O_RDONLY | Libc.O_NOATIME, 0));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      return openIfThere(path); // another user's, as sudo leaves them: EPERM
    }
  }

  /** Makes a new file to write it; whatever is at {@code path} makes this fail. */
  public static HostFile create(byte[] path, int mode) throws IOException {
    return new HostFile(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, mode);
  }

  static HostFile openFolder(byte[] path) throws IOException {
    return new HostFile(path, Libc.O_DIRECTORY, 0);
  }

  /** What is open here. */
  public Stat stat() throws IOException {
    return Stat.of(fd, path);
  }

  /** Reads at most {@code into.length} bytes; how many, or -1 at the end. */
  public int read(byte[] into) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      long room = Math.min(into.length, CHUNK_BYTES);
      MemorySegment chunk = arena.allocate(room);
      long read;
      do {
        read = Libc.read(state, fd, chunk, room);
      } while (read == -Libc.EINTR);
      HostFiles.check(read, path);
      MemorySegment.copy(chunk, JAVA_BYTE, 0, into, 0, (int) read);
      return read == 0 ? -1 : (int) read;
    }
  }

  /**
   * Writes all of these bytes.
   *
   * @throws DiskFull when there is no room; some of them may be written then
   */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment chunk = arena.allocate(Math.clamp(length, 1, CHUNK_BYTES));
      int done = 0;
      while (done < length) {
        int count = (int) Math.min(length - done, chunk.byteSize());
        MemorySegment.copy(bytes, offset + done, chunk, JAVA_BYTE, 0, count);
        long written = Libc.write(state, fd, chunk, count);
        if (written != -Libc.EINTR) {
          HostFiles.check(written, path);
          done += (int) written;
        }
      }
    }
  }

  /** Sets permission bits, whatever the umask. */
  public void setMode(int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      HostFiles.check(Libc.fchmod(Libc.state(arena), fd, mode), path);
    }
  }

  /** Sets times as {@link HostFiles#setTimes} does. */
  public void setTimes(long atime, long mtime) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = HostFiles.times(arena, atime, mtime);
      HostFiles.check(Libc.futimens(Libc.state(arena), fd, times), path);
    }
  }

  /** Cuts the file to this many bytes; the next write goes to its end. */
  public void truncate(long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      HostFiles.check(Libc.ftruncate(state, fd, size), path);
      HostFiles.check(Libc.lseek(state, fd, size), path);
    }
  }

  /** Waits until bytes and size are on the disk. */
  public void sync() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      HostFiles.check(Libc.fsync(Libc.state(arena), fd), path);
    }
  }

  /** Waits until its whole file system is on the disk. */
  public void syncFileSystem() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      HostFiles.check(Libc.syncfs(Libc.state(arena), fd), path);
    }
  }

  /** Sets a flag of {@code chattr}; whether the file system has it and lets us. */
  boolean setFlag(int flag) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment flags = arena.allocate(Long.BYTES, Long.BYTES);
      if (Libc.ioctl(state, fd, GET_FLAGS, flags) < 0) {
        return false;
      }
      flags.set(JAVA_INT, 0, flags.get(JAVA_INT, 0) | flag);
      return Libc.ioctl(state, fd, SET_FLAGS, flags) == 0;
    }
  }

  long entries(MemorySegment out) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long read = Libc.getdents(Libc.state(arena), fd, out, out.byteSize());
      HostFiles.check(read, path);
      return read;
    }
  }

  /** Closes the file. What close reports (quota on NFS) is thrown. */
  @Override
  public void close() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Libc.close(Libc.state(arena), fd);
      if (result != -Libc.EINTR) {
        HostFiles.check(result, path);
      }
    }
  }
}

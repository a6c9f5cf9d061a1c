package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One open file, to be used and closed by the thread that opened it, but for those that are said to
 * last. Beside {@code FileChannel} it tells a full disk from other failures by its number instead
 * of its translated text, takes names as bytes and sets mode and times without naming the file
 * again.
 */
public final class HostFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Arena arena;
  private final MemorySegment state;
  private final byte[] path;
  private final int fd;
  private MemorySegment buffer = MemorySegment.NULL;

  @SuppressWarnings("MustBeClosedChecker") // close() closes it
  private HostFile(boolean lasting, byte[] path, int flags, int mode) throws IOException {
    this.arena = lasting ? Arena.ofShared() : Arena.ofConfined();
    this.state = Libc.state(arena);
    this.path = path;
    int opened = Libc.open(state, Libc.string(arena, path), flags, mode);
    if (opened < 0) {
      arena.close();
      HostFiles.check(opened, path);
    }
    this.fd = opened;
  }

  /** Opens a file to read it. */
  public static HostFile open(byte[] path) throws IOException {
    return new HostFile(false, path, Libc.O_RDONLY, 0);
  }

  /** Opens a file to read it, if it is there. */
  public static Optional<HostFile> openIfThere(byte[] path) throws IOException {
    try {
      return Optional.of(open(path));
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Makes a new file to write it; whatever is at {@code path} makes this fail. */
  public static HostFile create(byte[] path, int mode) throws IOException {
    return new HostFile(false, path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, mode);
  }

  /** As {@link #create}, for a file that any thread may use, one at a time, and close. */
  public static HostFile createLasting(byte[] path, int mode) throws IOException {
    return new HostFile(true, path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, mode);
  }

  /** Opens a lasting file to read and write it, made if it is not there. */
  public static HostFile openOrCreate(byte[] path, int mode) throws IOException {
    return new HostFile(true, path, Libc.O_RDWR | Libc.O_CREAT, mode);
  }

  static HostFile openFolder(byte[] path) throws IOException {
    return new HostFile(false, path, 0200000, 0); // O_DIRECTORY
  }

  /** What is open here. */
  public Stat stat() throws IOException {
    return Stat.of(fd, path);
  }

  /** Reads at most {@code into.length} bytes; how many, or -1 at the end. */
  public int read(byte[] into) throws IOException {
    MemorySegment from = buffer(into.length);
    long read;
    do {
      read = Libc.read(state, fd, from, Math.min(into.length, from.byteSize()));
    } while (read == -Libc.EINTR);
    HostFiles.check(read, path);
    MemorySegment.copy(from, JAVA_BYTE, 0, into, 0, (int) read);
    return read == 0 ? -1 : (int) read;
  }

  /**
   * Writes all of these bytes.
   *
   * @throws DiskFull when there is no room; some of them may be written then
   */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    MemorySegment to = buffer(length);
    int done = 0;
    while (done < length) {
      int count = (int) Math.min(length - done, to.byteSize());
      MemorySegment.copy(bytes, offset + done, to, JAVA_BYTE, 0, count);
      long written = Libc.write(state, fd, to, count);
      if (written != -Libc.EINTR) {
        HostFiles.check(written, path);
        done += (int) written;
      }
    }
  }

  /** Sets permission bits, whatever the umask. */
  public void setMode(int mode) throws IOException {
    HostFiles.check(Libc.fchmod(state, fd, mode), path);
  }

  /** Sets times as {@link HostFiles#setTimes} does. */
  public void setTimes(long atime, long mtime) throws IOException {
    try (Arena here = Arena.ofConfined()) {
      HostFiles.check(Libc.futimens(state, fd, HostFiles.times(here, atime, mtime)), path);
    }
  }

  /** Cuts the file to this many bytes. */
  public void truncate(long size) throws IOException {
    HostFiles.check(Libc.ftruncate(state, fd, size), path);
  }

  /** Waits until bytes and size are on the disk. */
  public void sync() throws IOException {
    HostFiles.check(Libc.fsync(state, fd), path);
  }

  /** Waits until its whole file system is on the disk. */
  public void syncFileSystem() throws IOException {
    HostFiles.check(Libc.syncfs(state, fd), path);
  }

  long entries(MemorySegment out) throws IOException {
    long read = Libc.getdents(state, fd, out, out.byteSize());
    HostFiles.check(read, path);
    return read;
  }

  /** Sized by its first use, for most files are small and fresh memory must be zeroed. */
  private MemorySegment buffer(int wanted) {
    if (buffer.address() == 0) {
      buffer = arena.allocate(Math.clamp(wanted, 4096, BUFFER_BYTES));
    }
    return buffer;
  }

  /** Closes the file. What close reports (quota on NFS) is thrown. */
  @Override
  public void close() throws IOException {
    int result;
    try (arena) {
      result = Libc.close(state, fd);
    }
    if (result != -Libc.EINTR) {
      HostFiles.check(result, path);
    }
  }
}

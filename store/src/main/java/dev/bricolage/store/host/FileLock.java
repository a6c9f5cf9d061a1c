package dev.bricolage.store.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * An exclusive {@code flock(2)} on a file. Unlike {@code fcntl} locks, which the JDK takes, it
 * belongs to the open file and not to the process: two stores in one process keep each other out
 * too, and closing some other descriptor of the file does not drop it. The kernel lets go of it
 * when the process dies.
 */
public final class FileLock implements AutoCloseable {
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  private final byte[] path;
  private final int fd;

  private FileLock(byte[] path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /** Waits until the lock is ours; makes the file if it is not there. */
  public static FileLock take(byte[] path) throws IOException {
    return lock(path, LOCK_EX).orElseThrow();
  }

  /** The lock, unless somebody else holds it. */
  public static Optional<FileLock> tryTake(byte[] path) throws IOException {
    return lock(path, LOCK_EX | LOCK_NB);
  }

  private static Optional<FileLock> lock(byte[] path, int operation) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      int flags = Libc.O_RDWR | Libc.O_CREAT;
      int fd = Libc.open(state, Libc.string(arena, path), flags, 0600);
      HostFiles.check(fd, path);
      int result;
      do {
        result = Libc.flock(state, fd, operation);
      } while (result == -Libc.EINTR);
      if (result == 0) {
        return Optional.of(new FileLock(path, fd));
      }
      Libc.close(state, fd);
      if (result != -Libc.EAGAIN) {
        HostFiles.check(result, path);
      }
      return Optional.empty();
    }
  }

  /** Whether the locked file still has its name: another holder may have removed it before us. */
  public boolean stillNamed() throws IOException {
    Stat named = Stat.of(path);
    return named.exists() && named.inode() == Stat.of(fd, path).inode();
  }

  /** Lets go. */
  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      Libc.close(Libc.state(arena), fd);
    }
  }
}

package dev.bricolage.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * {@code daemon.lock}: who holds it is the daemon of its BRIC_HOME. The client that starts a daemon
 * takes it (flock) and leaves it to the daemon as descriptor 3, so it is free when the process is
 * gone, however it went.
 */
interface DaemonLock {
  /**
   * Whether the file of that name is still the one that is held: BRIC_HOME may have been deleted.
   */
  boolean guards(Path file);

  /**
   * Gives it up before the process ends, so that a successor need not wait for its last requests.
   */
  void release();

  /** The one that descriptor 3 holds. */
  static DaemonLock inherited() {
    return new Inherited();
  }

  /** For a daemon that nobody can race with. */
  static DaemonLock none() {
    return new DaemonLock() {
      @Override
      public boolean guards(Path file) {
        return true;
      }

      @Override
      public void release() {}
    };
  }

  /** See {@link #inherited}. */
  final class Inherited implements DaemonLock {
    private static final int DESCRIPTOR = 3;
    private static final int LOCK_UN = 8;

    private Inherited() {}

    @Override
    public boolean guards(Path file) {
      try {
        Object held = key(Path.of("/proc/self/fd/" + DESCRIPTOR));
        Object named = key(file);
        return Objects.equals(held, named);
      } catch (IOException absent) {
        return false;
      }
    }

    private static Object key(Path file) throws IOException {
      return Files.readAttributes(file, BasicFileAttributes.class, new LinkOption[0]).fileKey();
    }

    @Override
    public void release() {
      Linker linker = Linker.nativeLinker();
      MemorySegment address = linker.defaultLookup().findOrThrow("flock");
      MethodHandle flock =
          linker.downcallHandle(
              address,
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      try (Arena _ = Arena.ofConfined()) {
        int result = (int) flock.invokeExact(DESCRIPTOR, LOCK_UN);
        if (result != 0) {
          throw new IllegalStateException("flock(3, LOCK_UN) failed: descriptor 3 is not the lock");
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("flock cannot be called", e);
      }
    }
  }
}

package dev.bricolage.acceptance;

import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The grain of the file system's clock. A file of the machine that changed within it of a run's
 * start is not trusted to be what was read.
 */
final class Grain {
  private static final long GRAIN = 30_000_000; // nanoseconds: three ticks of a 100 Hz kernel

  private Grain() {}

  /**
   * Waits until what was written before is older than the grain, by the file system's own clock.
   */
  static void passes() throws IOException {
    Path probe = Files.createTempFile("grain", "");
    long now = Stat.of(probe).ctime();
    long later = now;
    while (later < now + GRAIN) {
      Files.writeString(probe, "");
      later = Stat.of(probe).ctime();
    }
    Files.delete(probe);
  }
}

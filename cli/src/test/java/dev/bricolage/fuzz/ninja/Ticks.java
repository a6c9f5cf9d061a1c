package dev.bricolage.fuzz.ninja;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** The clock of the file system, by which ninja goes: what is changed within a tick is not seen. */
final class Ticks {
  private Ticks() {}

  /** Waits until what is written now has another time than what was written before. */
  static void pass(Path folder) throws IOException {
    Path probe = folder.resolve("tick");
    FileTime now = written(probe);
    while (written(probe).equals(now)) {
      Thread.onSpinWait();
    }
  }

  private static FileTime written(Path probe) throws IOException {
    Files.writeString(probe, "");
    return Files.getLastModifiedTime(probe);
  }
}

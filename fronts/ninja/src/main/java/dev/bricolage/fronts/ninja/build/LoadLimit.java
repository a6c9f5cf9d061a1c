package dev.bricolage.fronts.ninja.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code -l}: up to which load further edges are started.
 *
 * @param most the average of the last minute as getloadavg(3) has it; 0 or less for no limit
 * @param source a file like /proc/loadavg
 */
record LoadLimit(double most, Path source) {
  static LoadLimit ofMachine(double most) {
    return new LoadLimit(most, Path.of("/proc/loadavg"));
  }

  /** Whether the machine has enough to do. A load that cannot be read is no limit. */
  boolean isReached() {
    if (!(most > 0)) {
      return false;
    }
    try {
      String text = Files.readString(source);
      return Double.parseDouble(text.substring(0, text.indexOf(' '))) >= most;
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException unreadable) {
      return false;
    }
  }
}

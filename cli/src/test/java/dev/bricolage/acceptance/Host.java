package dev.bricolage.acceptance;

import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machine the tests run on. */
final class Host {
  private Host() {}

  /** Runs a program that must succeed, in a folder; what it printed. */
  static String succeeds(Path folder, String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    Bric.Outcome outcome = Bric.outcome(process);
    if (outcome.status() != 0) {
      throw new AssertionError(List.of(command) + ": " + outcome);
    }
    return outcome.stdout();
  }

  /** SIGKILL, and the end of it. */
  static void kill(ProcessHandle process) throws Exception {
    process.destroyForcibly();
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  /**
   * The first process whose command line has this word, if there is one. Processes of sandboxes are
   * seen from here, too.
   */
  static Optional<Long> processWith(String word) throws IOException {
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (commandLine(process).contains(word)) {
          return Optional.of(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return Optional.empty();
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  /** Waits until no process has this word in its command line; false when that takes too long. */
  static boolean isRidOf(String word) throws Exception {
    return awaits(word, false);
  }

  /** Waits until a process has this word in its command line; false when that takes too long. */
  static boolean isUnderWay(String word) throws Exception {
    return awaits(word, true);
  }

  private static boolean awaits(String word, boolean there) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (processWith(word).isPresent() != there) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(5); // nobody tells of processes that are not our children
    }
    return true;
  }

  /** A file system in memory at {@code folder}; only root can. */
  static void mountMemory(Path folder, String size) throws Exception {
    succeeds(folder, "mount", "-t", "tmpfs", "-o", "mode=0700,size=" + size, "bric", folder + "");
  }

  static void unmount(Path folder) throws Exception {
    succeeds(Path.of("/"), "umount", "-l", folder.toString());
  }
}

package dev.bricolage.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why listening to a folder fails, and what can be done. */
final class Limits {
  private static final Path SETTINGS = Path.of("/proc/sys/fs/inotify");

  private Limits() {}

  /** A failure to listen, with the need, the place and the way out. */
  static String explanation(Path root, IOException e) {
    String message = String.valueOf(e.getMessage());
    String text =
        message.contains("inotify watches")
            ? limit("every folder needs an inotify watch, and this user", "max_user_watches")
            : message.contains("inotify instances")
                ? limit("listening needs an inotify instance, and this user", "max_user_instances")
                : e.toString();
    return "cannot listen to changes of " + root + ": " + text;
  }

  private static String limit(String need, String name) {
    return need
        + " has no more than "
        + setting(name)
        + "; the administrator can raise it: sysctl fs.inotify."
        + name
        + "=1048576";
  }

  private static String setting(String name) {
    try {
      // By lines: the kernel gives such a file to the first read alone, and readString's is a byte.
      return Files.readAllLines(SETTINGS.resolve(name)).getFirst();
    } catch (IOException e) {
      return "the kernel allows";
    }
  }
}

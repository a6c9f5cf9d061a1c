package dev.bricolage.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Who uses bric. */
enum User {
  /** Whoever runs the tests; in CI often root. */
  CALLER,
  /** A user without rights, home or name; only root can become it. */
  STRANGER;

  private static final int NUMBER = 12345;

  /** The words before a command that make it this user's. */
  List<String> become() {
    return this == CALLER
        ? List.of()
        : List.of("setpriv", "--reuid", "" + NUMBER, "--regid", "" + NUMBER, "--clear-groups");
  }

  static boolean callerIsRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  boolean isPossible() throws IOException {
    return this == CALLER || callerIsRoot();
  }

  /** Gives a file or folder, not what is in it, to this user. */
  Path own(Path path) throws IOException {
    if (this == STRANGER) {
      Files.setAttribute(path, "unix:uid", NUMBER, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", NUMBER, LinkOption.NOFOLLOW_LINKS);
    }
    return path;
  }
}

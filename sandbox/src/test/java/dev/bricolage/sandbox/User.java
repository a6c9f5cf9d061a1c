package dev.bricolage.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Who runs the helper. */
enum User {
  /** Whoever runs the tests; in CI often root. */
  CALLER,
  /** A user without any rights; only root can become it. */
  NOBODY_SPECIAL;

  static final int NUMBER = 12345;

  /** The helper, or a script that becomes the user first. */
  Path helper(Path helper, Path directory) throws IOException {
    if (this == CALLER) {
      return helper;
    }
    Path script = directory.resolve("bric-helper");
    Files.writeString(
        script,
        "#!/bin/sh\nexec setpriv --reuid %d --regid %d --clear-groups %s \"$@\"\n"
            .formatted(NUMBER, NUMBER, helper));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** The command, run as this user. */
  List<String> command(List<String> command) {
    if (this == CALLER) {
      return command;
    }
    String id = Integer.toString(NUMBER);
    List<String> whole =
        new ArrayList<>(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
    whole.addAll(command);
    return whole;
  }

  boolean isPossible() throws IOException {
    return this == CALLER || isRoot();
  }

  static boolean isRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  /** Gives the file to this user. */
  void own(Path path) throws IOException {
    if (this == NOBODY_SPECIAL) {
      Files.setAttribute(path, "unix:uid", NUMBER);
      Files.setAttribute(path, "unix:gid", NUMBER);
    }
  }
}

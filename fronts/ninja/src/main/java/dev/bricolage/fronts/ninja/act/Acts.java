package dev.bricolage.fronts.ninja.act;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Who carries out acts: the user's own process, with its terminal, environment, rights and network,
 * in no sandbox. One at a time.
 */
@FunctionalInterface
public interface Acts {
  /**
   * Has {@code /bin/sh} run a command; what it writes goes straight to the user.
   *
   * @param folder where, a real absolute path
   * @return its exit status, 128 + n when signal n ended it
   * @throws IOException when the user's process is gone
   * @throws InterruptedException when this thread is interrupted, or the user ended the command by
   *     SIGINT, SIGTERM or SIGHUP
   */
  int act(String command, Path folder) throws IOException, InterruptedException;
}

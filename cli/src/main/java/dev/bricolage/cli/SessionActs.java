package dev.bricolage.cli;

import dev.bricolage.fronts.ninja.act.Acts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Acts are carried out by the client, which has the user's terminal, environment and rights. */
record SessionActs(Session session) implements Acts {
  /** SIGHUP, SIGINT, SIGTERM: who ends a command so means the build. */
  private static final Set<Integer> INTERRUPTING = Set.of(1, 2, 15);

  @Override
  public int act(String command, Path folder) throws IOException, InterruptedException {
    Acted acted = session.act(folder, List.of("/bin/sh", "-c", command));
    if (INTERRUPTING.contains(acted.signal())) {
      throw new InterruptedException("signal " + acted.signal() + " ended an act");
    }
    return acted.signal() == 0 ? acted.status() : ExitStatus.ofSignal(acted.signal());
  }
}

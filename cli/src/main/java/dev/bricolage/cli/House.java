package dev.bricolage.cli;

import dev.bricolage.cli.remote.Servers;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.fronts.ninja.NinjaFront;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.workspace.Download;
import java.util.Optional;

/**
 * The fronts over one memory: the store's own, or that with a shared cache behind it.
 *
 * @param executor runs on this machine
 * @param servers what it leans on besides
 */
record House(RunFront run, NinjaFront ninja, LocalExecutor executor, Optional<Servers> servers) {

  /** Which outputs come home. */
  Download download() {
    return servers.map(Servers::download).orElse(Download.ALL);
  }

  /** Lets go of what it holds besides the store. */
  void close() {
    executor.release();
    servers.ifPresent(Servers::close);
  }
}

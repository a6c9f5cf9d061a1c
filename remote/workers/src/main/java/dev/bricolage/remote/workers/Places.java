package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Toolset;
import dev.bricolage.sandbox.Console;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * So many side by side, the others wait: who has a cluster asks for more at once than this machine
 * can do when the cluster is away.
 */
public final class Places implements Executor {
  private final Executor executor;
  private final Semaphore places;

  /** This many run on it at once. */
  public Places(Executor executor, int places) {
    this.executor = executor;
    this.places = new Semaphore(places);
  }

  @Override
  public Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException {
    places.acquire();
    try {
      return executor.execute(action, tools, console, control);
    } finally {
      places.release();
    }
  }
}

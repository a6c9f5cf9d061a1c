package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.sandbox.Console;

/** Does the work that clients send: the seam between this front and the house's executors. */
@FunctionalInterface
public interface ActionExecutor {
  /**
   * Does {@code work}; returns when all blobs of the outcome are in the store that the server was
   * given. Interrupting the thread kills it, and nothing outlives it.
   *
   * @param progress told when a machine is free for it
   */
  Executed run(Work work, Progress progress) throws InterruptedException;

  /** Hears how far the work is; any thread may tell. */
  interface Progress {
    /** It waits no more: the command is being run, or its memory is being asked. */
    void started();

    /** Takes what the command writes as it writes it. */
    default Console console() {
      return Console.SILENT;
    }
  }
}

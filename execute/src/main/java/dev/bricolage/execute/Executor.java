package dev.bricolage.execute;

import dev.bricolage.action.Action;
import dev.bricolage.sandbox.Console;
import java.io.IOException;

/** Runs actions, remembers nothing. */
public interface Executor {
  /**
   * Runs {@code action} to its end; interrupting the thread kills it, and nothing outlives it.
   *
   * @param tools which of the programs it starts are remembered one by one
   * @param console gets the output as it comes
   * @param control reaches the run while it goes on
   * @throws IOException when it could not be run: the sandbox cannot be made, the store is full
   */
  Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException;
}

package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Toolset;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.sandbox.Console;
import java.io.IOException;

/** Runs actions elsewhere, and here what cannot be run there, which is told. */
public final class OrHere implements Executor {
  private final Executor there;
  private final Executor here;
  private final Trouble trouble;

  /** There, or else here. */
  public OrHere(Executor there, Executor here, Trouble trouble) {
    this.there = there;
    this.here = here;
    this.trouble = trouble;
  }

  @Override
  public Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException {
    try {
      Execution execution = there.execute(action, tools, console, control);
      trouble.over();
      return execution;
    } catch (RemoteFailure failure) {
      trouble.tell(failure, "; it runs here");
      return here.execute(action, tools, console, control);
    }
  }
}

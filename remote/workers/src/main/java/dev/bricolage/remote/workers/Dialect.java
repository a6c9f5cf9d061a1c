package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.execute.Toolset;
import dev.bricolage.memo.Step;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.line.RemoteFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a kind of server is asked to run an action of ours, and how its answer reads. */
interface Dialect {
  /**
   * What to ask for.
   *
   * @throws RemoteFailure REFUSED when such a server cannot do it
   */
  RemoteAction ask(Action action, Toolset tools) throws RemoteFailure;

  /**
   * What came of it.
   *
   * @throws RemoteFailure BAD_ANSWER when that cannot be, MISSING when it is gone already
   */
  Came read(Action action, RemoteResult result) throws RemoteFailure, InterruptedException;

  /**
   * What came of an action.
   *
   * @param asked what it looked at, as far as that was told
   * @param answers and what it was answered; empty when it must not be remembered
   * @param forgotten why it must not
   */
  record Came(
      Outcome outcome, Set<PathFact> asked, List<Step> answers, Optional<String> forgotten) {}
}

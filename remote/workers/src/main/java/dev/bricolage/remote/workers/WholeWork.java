package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.PathFact;
import dev.bricolage.execute.FactKey;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.RunKey;
import dev.bricolage.execute.Toolset;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.trace.TraceBytes;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A server like ours: the command runs in a sandbox of the kind it would have here, and all that
 * changed comes back, with what the run looked at ({@code docs/formats/reapi.md}).
 */
final class WholeWork implements Dialect {
  private final RemoteBlobs blobs;

  WholeWork(RemoteBlobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public RemoteAction ask(Action action, Toolset tools) {
    Command command = action.command();
    TreeMap<String, String> platform = new TreeMap<>(command.platform());
    platform.put("tools", tools.text());
    action.alias().ifPresent(path -> platform.put("alias", path));
    return new RemoteAction(
        command.arguments(),
        command.environment(),
        TreeFacts.within(command.directory(), Machine.workspace(command)),
        List.of(),
        List.of(),
        platform,
        action.timeout(),
        false,
        action.inputs().digest());
  }

  @Override
  public Came read(Action action, RemoteResult result) throws RemoteFailure, InterruptedException {
    RemoteResult.Whole whole =
        result.whole().orElseThrow(() -> bad("it says nothing of what the run looked at"));
    Trace trace = trace(whole.trace());
    if (!trace.key().equals(new RunKey(action.command()).question())) {
      throw bad("what it ran is not what it was asked to run");
    }
    Set<PathFact> asked = new HashSet<>();
    for (Step step : trace.steps()) {
      asked.add(
          FactKey.fact(step.question())
              .orElseThrow(() -> bad("its trace asks what is no fact: " + step.question())));
    }
    List<Step> answers = whole.forgotten().isPresent() ? List.of() : trace.steps();
    return new Came(whole.outcome(), asked, answers, whole.forgotten());
  }

  private Trace trace(Digest digest) throws RemoteFailure, InterruptedException {
    Map<Digest, byte[]> read = blobs.readAll(List.of(digest));
    if (read.isEmpty()) {
      throw new RemoteFailure(
          Kind.MISSING, "the trace of its run is not there any more", List.of(digest));
    }
    return Optional.ofNullable(read.get(digest))
        .flatMap(TraceBytes::decode)
        .orElseThrow(() -> bad("the trace of its run cannot be read"));
  }

  private static RemoteFailure bad(String why) {
    return new RemoteFailure(Kind.BAD_ANSWER, why);
  }
}

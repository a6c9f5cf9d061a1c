package dev.bricolage.execute;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Answers {@link RunKey}s: from memory when a trace fits today's view, else by running once,
 * however many ask at the same time.
 */
public final class Runs {
  /** Clocks of file systems tick in jiffies; a change this close to the start may be hidden. */
  private static final long GRANULARITY = Duration.ofMillis(20).toNanos();

  /** What the sandbox shows in the place of a file of the host is the same for every run. */
  private static final PathFact.Answer OWN = new PathFact.Answer("the sandbox's own");

  /** How often a source is taken into the store again after the store proved to have lost it. */
  private static final int SNAPSHOTS = 3;

  private final Traces traces;
  private final Blobs blobs;
  private final Executor executor;
  private final Machine machine;
  private final HostFacts host;
  private final Flights flights = new Flights();

  /** Runs over these parts. */
  public Runs(Traces traces, Blobs blobs, Executor executor, Machine machine, HostFacts host) {
    this.traces = traces;
    this.blobs = blobs;
    this.executor = executor;
    this.machine = machine;
    this.host = host;
  }

  /**
   * What to run, and in which world.
   *
   * @param workspace answers for the workspace as it is now
   * @param snapshot takes the workspace into the store; called only when nothing fits
   * @param fresh run even if a trace fits
   */
  public record Ask(
      Command command,
      PathFacts workspace,
      Snapshot snapshot,
      Optional<Duration> timeout,
      boolean fresh) {}

  /** Takes the workspace as it is into the store, so that what changes later cannot matter. */
  @FunctionalInterface
  public interface Snapshot {
    /** The tree; every file's bytes are in the store. */
    Tree take() throws IOException;
  }

  /** How an ask was answered. */
  public sealed interface Answered {
    /** What it gave. */
    Outcome outcome();

    /**
     * From memory.
     *
     * @param saved how long it took when it ran
     * @param questions how many were asked to find it
     */
    record Remembered(Outcome outcome, Duration saved, int questions) implements Answered {}

    /**
     * By running.
     *
     * @param why why memory did not answer
     * @param inputs the snapshot it ran in
     * @param forgotten why this run is not remembered, if it is not
     */
    record Ran(Execution execution, Tree inputs, Why why, Optional<String> forgotten)
        implements Answered {
      @Override
      public Outcome outcome() {
        return execution.outcome();
      }
    }
  }

  /** Why memory did not answer. */
  public sealed interface Why {
    /** No such command was ever remembered. */
    record FirstTime() implements Why {}

    /** It was asked to run. */
    record Fresh() implements Why {}

    /** A result was remembered, but its bytes are lost. */
    record Lost(Digest blob) implements Why {}

    /** What it looked at is different. */
    record Differs(List<Recall.Difference> differences) implements Why {}
  }

  /**
   * The platform of commands that run here.
   *
   * @param workspace where the workspace appears
   * @param readOnly the user's own additions to the host's folders, absolute
   * @throws IllegalArgumentException when one of them would show what the sandbox replaces
   */
  public SortedMap<String, String> platform(String workspace, List<String> readOnly) {
    for (String path : readOnly) {
      if (Machine.touches(path)) {
        throw new IllegalArgumentException(
            "--ro " + path + " holds files that the sandbox replaces by its own, as /etc/hosts is");
      }
    }
    return machine.platform(workspace, readOnly);
  }

  /** Answers; interrupting the thread ends a run that it started. */
  public Answered ask(Ask ask, Console console, Control control)
      throws IOException, InterruptedException {
    if (ask.fresh()) {
      return run(ask, ask.snapshot().take(), new Why.Fresh(), console, control);
    }
    Attempt first = recall(ask, ask.workspace());
    if (first instanceof Attempt.Hit hit) {
      return hit.remembered();
    }
    Tree inputs = ask.snapshot().take();
    Why why = ((Attempt.Miss) first).why();
    return flights.alone(
        ask.command().digest() + " " + inputs.digest(),
        () -> {
          // Somebody may have computed it since the first look, whether or not we had to wait.
          if (recall(ask, facts(ask, inputs)) instanceof Attempt.Hit hit) {
            return hit.remembered();
          }
          return run(ask, inputs, why, console, control);
        });
  }

  private static PathFacts facts(Ask ask, Tree inputs) {
    return new TreeFacts(inputs, Machine.workspace(ask.command()));
  }

  private PathView view(Ask ask, PathFacts workspace) {
    Command command = ask.command();
    return new PathView(
        Machine.workspace(command), workspace, machine.hostRoots(command), this::hostAnswer);
  }

  /** What memory said. */
  private sealed interface Attempt {
    record Hit(Answered.Remembered remembered) implements Attempt {}

    record Miss(Why why) implements Attempt {}
  }

  private Attempt recall(Ask ask, PathFacts workspace) throws IOException, InterruptedException {
    Recall recall =
        traces.recall(new RunKey(ask.command()).question(), Trace.Order.ANY, view(ask, workspace));
    return switch (recall) {
      case Recall.FirstTime none -> new Attempt.Miss(new Why.FirstTime());
      case Recall.Differs differs -> new Attempt.Miss(new Why.Differs(differs.differences()));
      case Recall.Fits fits -> replay(fits);
      case Recall.Lost lost -> throw new IllegalStateException("traces lose no values: " + lost);
    };
  }

  private Attempt replay(Recall.Fits fits) throws IOException {
    Value value = Value.parse(fits.value());
    Optional<byte[]> encoding = blobs.read(value.outcome());
    if (encoding.isEmpty()) {
      return new Attempt.Miss(new Why.Lost(value.outcome()));
    }
    Outcome outcome = Outcome.decode(encoding.get());
    for (Digest blob : outcome.blobs()) {
      if (!blobs.has(blob)) {
        return new Attempt.Miss(new Why.Lost(blob));
      }
    }
    return new Attempt.Hit(
        new Answered.Remembered(outcome, Duration.ofMillis(value.millis()), fits.questions()));
  }

  private Answered run(Ask ask, Tree inputs, Why why, Console console, Control control)
      throws IOException, InterruptedException {
    Tree taken = inputs;
    for (int left = SNAPSHOTS; ; left--) {
      try {
        Action action = new Action(ask.command(), taken, ask.timeout());
        Execution execution = executor.execute(action, console, control);
        Optional<String> forgotten = remember(ask, taken, execution);
        return new Answered.Ran(execution, taken, why, forgotten);
      } catch (Staging.MissingBlob damaged) {
        if (left == 1) {
          throw damaged;
        }
        taken = ask.snapshot().take();
      }
    }
  }

  /** Records the run, or says why it cannot be. */
  private Optional<String> remember(Ask ask, Tree inputs, Execution execution) throws IOException {
    Optional<String> failure = failure(execution.ending());
    if (failure.isPresent()) {
      return failure;
    }
    if (execution.unobserved().isPresent()) {
      return execution.unobserved();
    }
    if (execution.diskFull()) {
      return Optional.of("the disk was full");
    }
    PathView view = view(ask, facts(ask, inputs));
    List<Step> steps = new ArrayList<>(execution.asked().size());
    for (PathFact fact : new TreeSet<>(execution.asked())) {
      if (!view.shows(fact.path())) {
        continue;
      }
      Optional<PathFact.Answer> answer =
          view.fromHost(fact.path()) ? unmoved(fact, execution) : Optional.of(view.answer(fact));
      if (answer.isEmpty()) {
        return Optional.of(fact.path() + " changed while it ran");
      }
      steps.add(new Step(PathView.question(fact), answer.get().text()));
    }
    Digest outcome = blobs.put(execution.outcome().encode());
    Value value = new Value(outcome, execution.duration().toMillis());
    traces.record(new Trace(new RunKey(ask.command()).question(), steps, value.toString()));
    return Optional.empty();
  }

  private static Optional<String> failure(Execution.Ending ending) {
    return switch (ending) {
      case Execution.Ending.Exited(int status) ->
          status == 0 ? Optional.empty() : Optional.of("it failed");
      case Execution.Ending.Killed(int signal) -> Optional.of("signal " + signal + " ended it");
      case Execution.Ending.TimedOut(Duration limit) ->
          Optional.of("it ran longer than " + limit.toMillis() / 1000.0 + " s");
    };
  }

  private PathFact.Answer hostAnswer(PathFact fact) throws IOException {
    return Machine.replaces(fact.path()) ? OWN : host.answer(fact);
  }

  /** What the host says, if it said the same to the run. */
  private Optional<PathFact.Answer> unmoved(PathFact fact, Execution execution) throws IOException {
    if (Machine.replaces(fact.path())) {
      return Optional.of(OWN);
    }
    boolean sawAbsent = execution.sawAbsent().contains(fact.path());
    return host.unchangedSince(fact, execution.startedAt() - GRANULARITY)
        .filter(answer -> answer.equals(PathFact.Answer.ABSENT) == sawAbsent);
  }

  /** What a run's trace leads to. */
  private record Value(Digest outcome, long millis) {
    static Value parse(String text) {
      int space = text.indexOf(' ');
      return new Value(
          Digest.parse(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    @Override
    public String toString() {
      return outcome + " " + millis;
    }
  }
}

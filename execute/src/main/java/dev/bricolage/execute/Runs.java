package dev.bricolage.execute;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Answers {@link RunKey}s: from memory when a trace fits today's view, else by running once,
 * however many ask at the same time.
 */
public final class Runs {
  /** Clocks of file systems tick in jiffies; a change this close to the start may be hidden. */
  private static final long GRANULARITY = Duration.ofMillis(20).toNanos();

  /** What the sandbox shows in the place of a file of the host is the same for every run. */
  static final PathFact.Answer OWN = new PathFact.Answer("the sandbox's own");

  /** How often a source is taken into the store again after the store proved to have lost it. */
  private static final int SNAPSHOTS = 3;

  /** What a run comes to is short enough to stand in its trace. */
  static final Values NO_VALUES =
      new Values() {
        @Override
        public Digest put(byte[] bytes) {
          throw new IllegalStateException("a run's result is too long: " + bytes.length);
        }

        @Override
        public Optional<byte[]> read(Digest digest) {
          return Optional.empty();
        }
      };

  private final Traces traces;
  private final Blobs blobs;
  private final Executor executor;
  private final Machine machine;
  private final HostFacts host;
  private final Worlds worlds = new Worlds();

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
   * @param tools which of the programs it starts are remembered one by one
   * @param alias the checkout's own path, where it is to be a link to the workspace; for commands
   *     of {@link #aliasedPlatform}. It is part of the world, not of the question
   */
  public record Ask(
      Command command,
      PathFacts workspace,
      Snapshot snapshot,
      Optional<Duration> timeout,
      boolean fresh,
      Toolset tools,
      Optional<String> alias) {
    /** In a world where the workspace has one path. */
    public Ask(
        Command command,
        PathFacts workspace,
        Snapshot snapshot,
        Optional<Duration> timeout,
        boolean fresh,
        Toolset tools) {
      this(command, workspace, snapshot, timeout, fresh, tools, Optional.empty());
    }

    /** Refuses an alias that nothing would tell of in the trace. */
    public Ask {
      if (alias.isPresent() && !Machine.mayHaveAlias(command)) {
        throw new IllegalArgumentException("an alias needs a command of an aliased platform");
      }
    }
  }

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
     * What the answer rests on: in a world that answers these the same, asking again gives the same
     * outcome. Empty when that is not known, and asking again must look.
     */
    List<Step> rests();

    /**
     * From memory.
     *
     * @param saved how long it took when it ran
     * @param questions how many were asked to find it
     */
    record Remembered(Outcome outcome, Duration saved, int questions, List<Step> rests)
        implements Answered {}

    /**
     * By running.
     *
     * @param why why memory did not answer
     * @param inputs the snapshot it ran in
     * @param forgotten why this run is not remembered, if it is not
     */
    record Ran(
        Execution execution, Tree inputs, Why why, Optional<String> forgotten, List<Step> rests)
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

  /** The platform of commands that may find their checkout's own path ({@link Ask#alias}). */
  public SortedMap<String, String> aliasedPlatform(String workspace) {
    return Machine.aliased(machine.platform(workspace, List.of()));
  }

  /** The host's paths that every command sees, whatever its platform says. */
  public List<String> machineFolders() {
    return machine.system();
  }

  /** Answers; interrupting the thread ends a run that it started. */
  public Answered ask(Ask ask, Console console, Control control)
      throws IOException, InterruptedException {
    RunKey key = new RunKey(ask.command());
    Asking asking = new Asking(ask, console, control);
    if (ask.fresh()) {
      asking.inputs = ask.snapshot().take();
      Memo alone = world(view(ask, facts(ask, asking.inputs)));
      return asking.answered(computed(() -> alone.fresh(key, asking)), new Why.Fresh());
    }
    List<Step> asked = Collections.synchronizedList(new ArrayList<>());
    Memo now = world(noting(view(ask, ask.workspace()), asked));
    Optional<RunKey.Result> known = now.recall(key, asking);
    Optional<Digest> lost = known.flatMap(this::lost);
    if (known.isPresent() && lost.isEmpty()) {
      return asking.remembered(known.get(), List.copyOf(asked));
    }
    Why why = lost.isPresent() ? new Why.Lost(lost.get()) : asking.why();
    asking.inputs = ask.snapshot().take();
    return worlds.enter(
        ask.command().digest() + " " + asking.inputs.digest() + " " + ask.alias().orElse(""),
        () -> world(view(ask, facts(ask, asking.inputs))),
        memo -> inSnapshot(memo, key, asking, why));
  }

  /** Somebody may have computed it since the first look, or do so now. */
  private Answered inSnapshot(Memo memo, RunKey key, Asking asking, Why why)
      throws IOException, InterruptedException {
    while (true) {
      try {
        RunKey.Result result = computed(() -> memo.get(key, asking));
        if (asking.execution.isEmpty() && lost(result).isPresent()) {
          result = computed(() -> memo.fresh(key, asking));
        }
        return asking.answered(result, why);
      } catch (Superseded again) {
        // Somebody else found its bytes lost, and runs it afresh: there will be another answer.
        asking.execution = Optional.empty();
      }
    }
  }

  /** A memo of one world, which stands still. */
  private Memo world(View view) {
    return Memo.builder().tasks(RUNS).view(view).traces(traces, NO_VALUES, FactKey::of).open();
  }

  private static PathFacts facts(Ask ask, Tree inputs) {
    return new TreeFacts(inputs, Machine.workspace(ask.command()));
  }

  /** The same view, which notes what it was asked and answered. */
  private static View noting(View view, List<Step> asked) {
    return questions -> {
      List<String> answers = view.answers(questions);
      for (int i = 0; i < answers.size(); i++) {
        asked.add(new Step(questions.get(i), answers.get(i)));
      }
      return answers;
    };
  }

  /**
   * What a run of this command would find.
   *
   * @param workspace answers for the workspace
   */
  public View view(Command command, PathFacts workspace) {
    return view(command, workspace, Optional.empty());
  }

  /** The same, where the workspace has another path besides. */
  public View view(Command command, PathFacts workspace, Optional<String> alias) {
    return pathView(command, workspace, alias);
  }

  private PathView view(Ask ask, PathFacts workspace) {
    return pathView(ask.command(), workspace, ask.alias());
  }

  private PathView pathView(Command command, PathFacts workspace, Optional<String> alias) {
    String mount = Machine.workspace(command);
    return new PathView(
        mount,
        workspace,
        machine.hostRoots(command),
        this::hostAnswer,
        Machine.mayHaveAlias(command) ? Around.with(alias, mount) : Around.NOTHING);
  }

  /** A result's blob that is lost, if one is. */
  private Optional<Digest> lost(RunKey.Result result) {
    Optional<Outcome> outcome = blobs.read(result.outcome()).map(Outcome::decode);
    if (outcome.isEmpty()) {
      return Optional.of(result.outcome());
    }
    return blobs.lacking(outcome.get().blobs()).stream().findFirst();
  }

  /** What is asked of a memo. */
  private interface Asked {
    RunKey.Result get() throws InterruptedException;
  }

  /** Its failure is the executor's own. */
  private static RunKey.Result computed(Asked asked) throws IOException, InterruptedException {
    try {
      return asked.get();
    } catch (TaskFailed failed) {
      switch (failed.getCause()) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> throw failed;
      }
    }
  }

  /** A run is the task of its key; who asks gives it a snapshot, and hears its output. */
  private static final Tasks RUNS =
      new Tasks() {
        @Override
        @SuppressWarnings("unchecked") // a run key's value is a result
        public <V> Optional<Task<V>> of(Key<V> key) {
          return key instanceof RunKey
              ? Optional.of((Task<V>) (Task<RunKey.Result>) Runs::run)
              : Optional.empty();
        }
      };

  private static RunKey.Result run(Fetch fetch) throws IOException, InterruptedException {
    return ((Asking) fetch.asker()).run(fetch);
  }

  /** One ask on its way: what it needs, and what became of it. */
  private final class Asking implements Asker {
    private final Ask ask;
    private final Console console;
    private final Control control;
    private Tree inputs = Tree.EMPTY;
    private Optional<Execution> execution = Optional.empty();
    private Optional<String> forgotten = Optional.empty();
    private List<Step> rests = List.of();
    private Why why = new Why.FirstTime();
    private int questions;

    Asking(Ask ask, Console console, Control control) {
      this.ask = ask;
      this.console = console;
      this.control = control;
    }

    @Override
    public void heard(Event event) {
      switch (event) {
        case Event.Recalled recalled -> questions = recalled.questions();
        case Event.Missed(Key<?> key, Recall.Differs differs) ->
            why = new Why.Differs(differs.differences());
        case Event.Forgotten reason -> forgotten = Optional.of(reason.reason());
        case Event.StoreFailed(Key<?> key, RuntimeException cause) -> throw cause;
        default -> {}
      }
    }

    Why why() {
      return why;
    }

    Answered remembered(RunKey.Result result, List<Step> asked) throws IOException {
      Outcome outcome = Outcome.decode(blobs.read(result.outcome()).orElseThrow());
      return new Answered.Remembered(outcome, result.took(), questions, asked);
    }

    Answered answered(RunKey.Result result, Why why) throws IOException {
      return execution.isPresent()
          ? new Answered.Ran(
              execution.get(), inputs, why, forgotten, forgotten.isEmpty() ? rests : List.of())
          : remembered(result, List.of());
    }

    RunKey.Result run(Fetch fetch) throws IOException, InterruptedException {
      for (int left = SNAPSHOTS; ; left--) {
        try {
          Action action = new Action(ask.command(), inputs, ask.timeout(), ask.alias());
          Toolset tools = ask.fresh() ? ask.tools().anew() : ask.tools();
          Execution ran = executor.execute(action, tools, console, control);
          execution = Optional.of(ran);
          Optional<String> reason = observe(ran, fetch);
          reason.ifPresent(fetch::forget);
          Digest outcome = blobs.put(ran.outcome().encode());
          return new RunKey.Result(outcome, ran.duration());
        } catch (MissingBlob damaged) {
          if (left == 1) {
            throw damaged;
          }
          inputs = ask.snapshot().take();
        }
      }
    }

    /** Makes what the run asked part of its trace, or says why it cannot be remembered. */
    private Optional<String> observe(Execution ran, Fetch fetch)
        throws IOException, InterruptedException {
      Optional<String> failure = failure(ran.ending());
      if (failure.isPresent()) {
        return failure;
      }
      if (ran.unobserved().isPresent()) {
        return ran.unobserved();
      }
      if (ran.diskFull()) {
        return Optional.of("the disk was full");
      }
      if (ran.elsewhere().isPresent()) {
        return take(ran.elsewhere().get().answers(), fetch);
      }
      PathView view = view(ask, facts(ask, inputs));
      List<Step> steps = new ArrayList<>(ran.asked().size());
      for (PathFact fact : ran.asked()) {
        if (!view.shows(fact)) {
          continue;
        }
        Optional<PathFact.Answer> answer =
            view.fromHost(fact.path()) ? unmoved(fact, ran) : Optional.of(view.answer(fact));
        if (answer.isEmpty()) {
          return Optional.of(fact.path() + " changed while it ran");
        }
        steps.add(new Step(new FactKey(fact).question(), answer.get().text()));
      }
      fetch.observed(steps);
      rests = steps;
      return Optional.empty();
    }

    /**
     * What another machine answered is the trace, if it is what would be answered here: else nobody
     * with a machine like ours would ever be answered by it.
     */
    private Optional<String> take(List<Step> answers, Fetch fetch)
        throws IOException, InterruptedException {
      List<String> ours =
          view(ask, facts(ask, inputs)).answers(answers.stream().map(Step::question).toList());
      for (int i = 0; i < ours.size(); i++) {
        Step step = answers.get(i);
        if (!ours.get(i).equals(step.answer())) {
          return Optional.of(
              "where it ran, %s is not what it is here".formatted(step.question().subject()));
        }
      }
      fetch.observed(answers);
      rests = answers;
      return Optional.empty();
    }
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
}

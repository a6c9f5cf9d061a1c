package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.sandbox.Ended;
import dev.bricolage.sandbox.InnerEnded;
import dev.bricolage.sandbox.InnerRequest;
import dev.bricolage.sandbox.InnerRuns;
import dev.bricolage.sandbox.Output;
import dev.bricolage.sandbox.Sighting;
import dev.bricolage.store.host.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One inner run on its way. Its key is asked of a memo of the build's world; the key's task is to
 * let the tool run and to wait for its end.
 */
final class InnerAsking implements Asker {
  /**
   * Two ticks of a slow clock. The machine's file systems may date files by other clocks than the
   * build's, so what changed there so shortly before the start may have changed after it.
   */
  private static final long TICK = Duration.ofMillis(20).toNanos();

  /**
   * Lower-case words of failures that may be none of the program text, and that leave no trace for
   * the kernel to tell of: memory or room that ran out without a limit (limits are in the key), and
   * crashes that the tool caught itself, as gcc's passes do, to end with a code of their own.
   */
  private static final List<String> NO_ROOM =
      List.of(
          "out of memory",
          "memory exhausted",
          "allocate memory",
          "insufficient memory",
          "memory allocation",
          "outofmemory",
          "bad_alloc",
          "could not reserve",
          "failed to map segment",
          "no space left",
          "quota exceeded",
          "too many open files",
          "input/output error",
          "resource temporarily unavailable",
          "segmentation fault",
          "bus error",
          "internal compiler error");

  /**
   * What drivers say of a pass that a signal ended. Looked for only where the kernel cannot tell.
   */
  private static final List<String> PASS_DIED =
      List.of(
          "killed",
          "signal",
          "terminated program", // "compilation terminated." says no more than that there was an
          // error
          "terminated with",
          "terminated by",
          "aborted",
          "limit exceeded"); // of CPU time, of a file's size

  private static final Tasks TASKS =
      new Tasks() {
        @Override
        @SuppressWarnings("unchecked") // an inner key's value is a result
        public <V> Optional<Task<V>> of(Key<V> key) {
          return key instanceof InnerKey
              ? Optional.of((Task<V>) (Task<RunKey.Result>) InnerAsking::run)
              : Optional.empty();
        }
      };

  private final InnerMemory memory;
  private final InnerKey key;
  private final InnerRequest request;
  private final BuildView view;
  private final Set<Integer> harmless;
  private final boolean fresh;
  private final CompletableFuture<InnerRuns.Decision> decision = new CompletableFuture<>();
  private final CompletableFuture<InnerEnded> ended = new CompletableFuture<>();
  private final CompletableFuture<Optional<String>> settled = new CompletableFuture<>();
  private final Map<String, Map<PathFact.Kind, PathFact.Answer>> before = new HashMap<>();
  private final Map<String, Map<String, Stat.Type>> listed = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("inner").unstarted(this::answer);
  private volatile boolean ran;
  private volatile Optional<String> forgotten = Optional.empty();
  private volatile Recall why = new Recall.FirstTime();
  private volatile Duration saved = Duration.ZERO;
  private final long asked = System.nanoTime();
  private final Instant arrived = Instant.now();
  private long startedAt;

  InnerAsking(
      InnerMemory memory,
      InnerKey key,
      InnerRequest request,
      BuildView view,
      Set<Integer> harmless,
      boolean fresh) {
    this.memory = memory;
    this.key = key;
    this.request = request;
    this.view = view;
    this.harmless = harmless;
    this.fresh = fresh;
  }

  @Override
  public void heard(Event event) {
    switch (event) {
      case Event.Missed(Key<?> missed, Recall reason) -> why = reason;
      case Event.Forgotten because -> forgotten = Optional.of(because.reason());
      case Event.StoreFailed(Key<?> asked, Throwable cause) ->
          forgotten = Optional.of("the memory cannot be reached: " + cause);
      default -> {}
    }
  }

  /** From memory, with all outputs in place, or by letting the tool run. */
  InnerRuns.Decision decide() throws IOException, InterruptedException {
    thread.start();
    try {
      return decision.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /**
   * The tool has ended; gives why it is not remembered, if it is not. On return all that it made
   * and saw has been read, so that the build may change it; memory may still be writing it down.
   */
  Optional<String> ended(InnerEnded how) throws InterruptedException {
    ended.complete(how);
    try {
      return settled.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What became of it, after its end. */
  InnerRun told(boolean remembered) {
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    List<String> argv = request.argv();
    if (remembered) {
      return new InnerRun(argv, true, took, saved, "", List.of(), "");
    }
    String reason =
        fresh
            ? "fresh"
            : switch (why) {
              case Recall.FirstTime first -> "first time";
              case Recall.Differs differs -> "differs";
              case Recall.Lost lost -> "lost";
              case Recall.Fits fits -> "lost"; // its outputs could not be put in place
            };
    List<Recall.Difference> differences =
        why instanceof Recall.Differs differs ? differs.differences() : List.of();
    return new InnerRun(
        argv, false, took, Duration.ZERO, reason, differences, forgotten.orElse(""));
  }

  void cancel() {
    thread.interrupt();
  }

  /** Whether memory has written down all it will of it. */
  boolean isWritten() {
    return !thread.isAlive();
  }

  /** Waits for that, unless the caller is to stop. */
  void awaitWritten() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer() {
    try {
      memory.board(key);
      try {
        Memo memo =
            Memo.builder()
                .tasks(TASKS)
                .view(view)
                .traces(memory.traces, Runs.NO_VALUES, FactKey::of)
                .open();
        RunKey.Result result = fresh ? memo.fresh(key, this) : memo.get(key, this);
        if (!ran) {
          saved = result.took();
          decision.complete(hit(result));
        }
      } finally {
        memory.land(key);
      }
    } catch (TaskFailed e) {
      forgotten = Optional.of(String.valueOf(e.getCause()));
    } catch (InterruptedException | IOException | RuntimeException e) {
      forgotten = Optional.of(String.valueOf(e.getMessage()));
    } finally {
      decision.complete(new InnerRuns.Run(harmless)); // unless it is decided
      settled.complete(forgotten);
    }
  }

  private InnerRuns.Decision hit(RunKey.Result result) throws IOException {
    Optional<byte[]> encoding = memory.blobs.read(result.outcome());
    if (encoding.isEmpty()) {
      return new InnerRuns.Run(harmless);
    }
    Outcome outcome = Outcome.decode(encoding.get());
    if (!memory.blobs.lacking(outcome.blobs()).isEmpty()) {
      return new InnerRuns.Run(harmless);
    }
    memory.blobs.gather(outcome.blobs());
    List<Output> output = output(outcome);
    return new InnerOutputs(memory.blobs, view).apply(outcome, request.umask())
        ? new InnerRuns.Hit(outcome.exitCode(), output)
        : new InnerRuns.Run(harmless);
  }

  private List<Output> output(Outcome outcome) {
    byte[] stdout = memory.blobs.read(outcome.stdout()).orElseThrow();
    byte[] stderr = memory.blobs.read(outcome.stderr()).orElseThrow();
    List<Output> output = new ArrayList<>();
    int fromStdout = 0;
    int fromStderr = 0;
    for (Outcome.Span span : outcome.console()) {
      int length = Math.toIntExact(span.length());
      byte[] bytes = new byte[length];
      if (span.stderr()) {
        System.arraycopy(stderr, fromStderr, bytes, 0, length);
        fromStderr += length;
      } else {
        System.arraycopy(stdout, fromStdout, bytes, 0, length);
        fromStdout += length;
      }
      output.add(new Output(span.stderr(), bytes));
    }
    return output;
  }

  private static RunKey.Result run(Fetch fetch) throws IOException, InterruptedException {
    return ((InnerAsking) fetch.asker()).run(fetch, System.nanoTime());
  }

  private RunKey.Result run(Fetch fetch, long began) throws IOException, InterruptedException {
    ran = true;
    lookBefore();
    startedAt = view.clockAfter(arrived);
    decision.complete(new InnerRuns.Run(harmless));
    InnerEnded how;
    try {
      how = ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    InnerOutputs outputs = new InnerOutputs(memory.blobs, view);
    Optional<String> reason = reason(how);
    if (reason.isEmpty()) {
      reason = outputs.collect(how.changed(), existed(how));
    }
    if (reason.isEmpty()) {
      reason = observe(how, fetch);
    }
    if (reason.isPresent()) {
      fetch.forget(reason.get());
      return new RunKey.Result(Digest.of(new byte[0]), took);
    }
    Digest outcome = memory.blobs.put(outcome(how, outputs).encode());
    settled.complete(Optional.empty());
    return new RunKey.Result(outcome, took);
  }

  /** Files that the tool may look at and write over: what they are now. */
  private void lookBefore() throws IOException {
    Set<String> paths = new HashSet<>(memory.habits(key));
    paths.addAll(new InnerOverwritten(request.argv(), request.cwd()).paths());
    for (String path : paths) {
      if (!view.isChangeable(path)) {
        continue;
      }
      Optional<Map<String, Stat.Type>> names = view.names(path);
      if (names.isPresent()) {
        listed.put(path, names.get());
        continue;
      }
      Map<PathFact.Kind, PathFact.Answer> answers = new HashMap<>();
      for (PathFact.Kind kind : List.of(PathFact.Kind.STAT, PathFact.Kind.CONTENT)) {
        answers.put(kind, view.answer(new PathFact(kind, path)));
      }
      before.put(path, answers);
    }
  }

  /** Why what the tool did is no function of what it asked, or may not be. */
  private Optional<String> reason(InnerEnded how) {
    if (how.exit() instanceof Ended.Killed killed) {
      return Optional.of("signal " + killed.signal() + " ended it");
    }
    if (how.unobserved().isPresent()) {
      return how.unobserved();
    }
    if (how.torn()) {
      return Optional.of("some output found no reader");
    }
    if (how.leftBehind()) {
      return Optional.of("it left a process behind");
    }
    if (!how.used().isEmpty()) {
      return Optional.of("it used inherited descriptors " + how.used());
    }
    return passDied(how);
  }

  /**
   * A compiler whose pass was killed fails like one that found a mistake, and a script whose child
   * was killed may not even fail.
   */
  private static Optional<String> passDied(InnerEnded how) {
    if (how.killed().orElse(0) > 0) {
      return Optional.of("a signal ended a process of it");
    }
    if (how.exit() instanceof Ended.Exited(int code) && code == 0) {
      return Optional.empty();
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    how.output().stream().filter(Output::toStderr).forEach(o -> said.writeBytes(o.bytes()));
    String text = said.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    if (NO_ROOM.stream().anyMatch(text::contains)) {
      return Optional.of("it failed, and may have had no room");
    }
    return how.killed().isEmpty() && PASS_DIED.stream().anyMatch(text::contains)
        ? Optional.of("a part of it seems to have been killed")
        : Optional.empty();
  }

  private static Set<String> existed(InnerEnded how) {
    Set<String> existed = new HashSet<>();
    for (Sighting sighting : how.sightings()) {
      if (sighting.existed()) {
        existed.add(sighting.path());
      }
    }
    return existed;
  }

  /** Makes what the tool asked part of its trace, with the answers it got; or says why not. */
  private Optional<String> observe(InnerEnded how, Fetch fetch) throws IOException {
    Set<String> changed = new HashSet<>(how.changed());
    Set<String> seen = new HashSet<>();
    List<Step> steps = new ArrayList<>(how.sightings().size());
    for (Sighting sighting : how.sightings()) {
      seen.add(sighting.path());
      PathFact.Kind kind = PathFact.Kind.valueOf(sighting.kind().name());
      PathFact fact = new PathFact(kind, sighting.path());
      if (!view.shows(sighting.path()) || isBelowMade(sighting, changed)) {
        continue;
      }
      Optional<PathFact.Answer> answer =
          changed.contains(sighting.path())
              ? answerBefore(fact, sighting.existed())
              : unmoved(fact, sighting.existed(), changed);
      if (answer.isEmpty() && changed.contains(sighting.path())) {
        memory.learnHabit(key, sighting.path());
        return Optional.of("it changed " + sighting.path() + ", which it had looked at");
      }
      if (answer.isEmpty()) {
        return Optional.of(sighting.path() + " changed while it ran");
      }
      steps.add(new Step(new FactKey(fact).question(), answer.get().text()));
    }
    for (String path : changed) {
      if (view.isChangeable(path) && !seen.contains(path)) {
        return Optional.of("it changed " + path + " and nobody saw what was there before");
      }
    }
    fetch.observed(steps);
    return Optional.empty();
  }

  /** What lies in a folder that the tool made was not there before. */
  private static boolean isBelowMade(Sighting sighting, Set<String> changed) {
    String path = sighting.path();
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (changed.contains(path.substring(0, slash))) {
        return !sighting.existed() || !changed.contains(path);
      }
    }
    return false;
  }

  private Optional<PathFact.Answer> answerBefore(PathFact fact, boolean existed) {
    if (!existed) {
      return Optional.of(PathFact.Answer.ABSENT);
    }
    return Optional.ofNullable(before.get(fact.path()))
        .flatMap(answers -> Optional.ofNullable(answers.get(fact.kind())));
  }

  /** What is there now, if it was there before, too. */
  private Optional<PathFact.Answer> unmoved(PathFact fact, boolean existed, Set<String> changed)
      throws IOException {
    if (view.isHosts(fact.path())) {
      return Machine.replaces(fact.path())
          ? Optional.of(Runs.OWN)
          : memory.host.unchangedSince(fact, startedAt - TICK);
    }
    if (fact.kind() == PathFact.Kind.LIST && view.changedAt(fact.path()) >= startedAt) {
      return listedBefore(fact.path(), changed);
    }
    PathFact.Answer now = view.answer(fact);
    boolean absent = now.equals(PathFact.Answer.ABSENT);
    boolean folder = now.equals(PathFact.Answer.FOLDER);
    boolean moved = absent == existed || (!folder && view.changedAt(fact.path()) >= startedAt);
    return moved ? Optional.empty() : Optional.of(now);
  }

  /**
   * The names in a folder that has changed, as they were before, if only the tool changed them. (A
   * name that somebody else put there and took away meanwhile is not noticed.)
   */
  private Optional<PathFact.Answer> listedBefore(String folder, Set<String> changed)
      throws IOException {
    Map<String, Stat.Type> then = listed.get(folder);
    Optional<Map<String, Stat.Type>> now = view.names(folder);
    if (then == null || now.isEmpty()) {
      memory.learnHabit(key, folder);
      return Optional.empty();
    }
    return others(then, folder, changed).equals(others(now.get(), folder, changed))
        ? Optional.of(BuildView.listing(then))
        : Optional.empty();
  }

  private static Map<String, Stat.Type> others(
      Map<String, Stat.Type> names, String folder, Set<String> changed) {
    Map<String, Stat.Type> others = new HashMap<>(names);
    others
        .keySet()
        .removeIf(name -> {
          String text =
              new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
          return changed.contains(folder + "/" + text);
        });
    return others;
  }

  private Outcome outcome(InnerEnded how, InnerOutputs outputs) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    List<Outcome.Span> spans = new ArrayList<>();
    for (Output piece : how.output()) {
      (piece.toStderr() ? stderr : stdout).writeBytes(piece.bytes());
      spans.add(new Outcome.Span(piece.toStderr(), piece.bytes().length));
    }
    int code = how.exit() instanceof Ended.Exited(int exited) ? exited : 0;
    return new Outcome(
        code,
        outputs.made(),
        Set.of(),
        outputs.gone(),
        memory.blobs.put(stdout.toByteArray()),
        memory.blobs.put(stderr.toByteArray()),
        spans);
  }
}

package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.PathFact;
import dev.bricolage.sandbox.InnerEnded;
import dev.bricolage.sandbox.InnerRequest;
import dev.bricolage.sandbox.InnerRuns;
import dev.bricolage.sandbox.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The inner runs of one build, and what the build itself has to remember of them. */
final class InnerBuild implements InnerRuns, AutoCloseable {
  /** More than this on standard input is no program text. */
  private static final long MOST_INPUT = 64 << 20;

  /** A history that tells of more is read by nobody. */
  private static final int MOST_TOLD = 10_000;

  private static final Set<String> INPUT =
      Set.of("-", "@-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0");

  private final InnerMemory memory;
  private final Command outer;
  private final BuildView.Build build;
  private final InnerTools tools;
  private final Map<Integer, InnerAsking> open = new ConcurrentHashMap<>();
  private final Set<InnerAsking> unwritten = ConcurrentHashMap.newKeySet();
  private final Set<Integer> running = ConcurrentHashMap.newKeySet();
  private final Set<PathFact> asked = new HashSet<>();
  private Optional<String> hole = Optional.empty();
  private final Set<String> absent = new HashSet<>();
  private final Map<String, Long> counters = new TreeMap<>();
  private final List<InnerRun> told = new ArrayList<>();

  InnerBuild(InnerMemory memory, Command outer, BuildView.Build build, InnerTools tools) {
    this.memory = memory;
    this.outer = outer;
    this.build = build;
    this.tools = tools;
  }

  @Override
  public Decision asked(InnerRequest request) throws IOException, InterruptedException {
    count("inner.asked");
    Set<Integer> harmless = harmless(request);
    if (tools.never().contains(request.tool())) {
      return unasked(
          request, harmless, "memory was not asked", "bric.toml lists it in tools.never");
    }
    Optional<InnerKey> key = key(request);
    if (key.isEmpty()) {
      return unasked(
          request,
          harmless,
          "it cannot be told what it sees",
          "its words, variables or folder are not such that they could be written down");
    }
    BuildView view = new BuildView(build, request.root());
    InnerAsking asking = new InnerAsking(memory, key.get(), request, view, harmless, tools.fresh());
    open.put(request.number(), asking);
    Decision decision = asking.decide();
    if (decision instanceof Hit) {
      open.remove(request.number());
      count("inner.remembered");
      tell(asking.told(true));
      took(view);
    } else {
      count("inner.ran");
      running.add(request.number());
    }
    return decision;
  }

  @Override
  public void ended(InnerRequest request, InnerEnded ended)
      throws IOException, InterruptedException {
    took(ended);
    running.remove(request.number());
    InnerAsking asking = open.remove(request.number());
    if (asking == null) {
      return;
    }
    if (asking.ended(ended).isPresent()) {
      count("inner.forgotten");
    }
    unwritten.removeIf(InnerAsking::isWritten);
    unwritten.add(asking);
    tell(asking.told(false));
  }

  /** Inherited descriptors whose use says nothing that is not in the key. */
  private static Set<Integer> harmless(InnerRequest request) {
    Set<Integer> harmless = new HashSet<>(InnerEnvironment.harmless(request.env()));
    if (request.stdin() == InnerRequest.Kind.NULL && readsInput(request.argv())) {
      harmless.add(0);
    }
    return harmless;
  }

  /**
   * Ends those whose tools were killed with the build; what memory knows of the others is written.
   */
  @Override
  public void close() {
    open.values().forEach(InnerAsking::cancel);
    unwritten.forEach(InnerAsking::awaitWritten);
  }

  /** Empty when it cannot be told what the tool sees. */
  private Optional<InnerKey> key(InnerRequest request) throws IOException, InterruptedException {
    Optional<SortedMap<String, String>> environment = InnerEnvironment.of(request.env());
    if (!request.legible()
        || request.argv().isEmpty()
        || environment.isEmpty()
        || request.cwd().endsWith(" (deleted)")) {
      return Optional.empty();
    }
    SortedMap<String, String> platform = new TreeMap<>(outer.platform());
    platform.remove("workspace"); // the paths that matter are named
    platform.put("inner-tool", request.tool());
    platform.put("inner-umask", Integer.toOctalString(request.umask()));
    platform.put("inner-outputs", outputs(request));
    String limits = InnerLimits.of(request.limits());
    if (!limits.isEmpty()) {
      platform.put("inner-limits", limits);
    }
    if (readsInput(request.argv()) && request.stdin() != InnerRequest.Kind.NULL) {
      InnerRequest.Input input = request.input(MOST_INPUT);
      if (!input.whole()) {
        return Optional.empty();
      }
      platform.put("inner-input", Digest.of(input.bytes()).toString());
    }
    return Optional.of(
        memory.key(new Command(request.argv(), environment.get(), request.cwd(), platform)));
  }

  /**
   * Terminals change how tools print; closed descriptors, which numbers their files get. What goes
   * to {@code /dev/null} as stdout is not known afterwards, and so is no answer for who wants it.
   */
  private static String outputs(InnerRequest request) {
    return kind(request.stdin())
        + (request.stdout() == InnerRequest.Kind.NULL ? "n" : kind(request.stdout()))
        + kind(request.stderr());
  }

  private static String kind(InnerRequest.Kind kind) {
    return switch (kind) {
      case TERMINAL -> "t";
      case CLOSED -> "c";
      default -> "-";
    };
  }

  /**
   * Whether an argument names standard input. What is there is part of the key then, and {@code
   * /dev/null} is nothing. A tool that reads it though no argument says so is not remembered.
   */
  private static boolean readsInput(List<String> argv) {
    return argv.stream().anyMatch(INPUT::contains);
  }

  private synchronized void count(String name) {
    counters.merge(name, 1L, Long::sum);
  }

  /** What a remembered inner run rests on, the build rests on too. */
  private synchronized void took(BuildView view) {
    view.told()
        .forEach((fact, answer) -> {
          asked.add(fact);
          if (answer.equals(PathFact.Answer.ABSENT)) {
            absent.add(fact.path());
          }
        });
  }

  private synchronized void took(InnerEnded ended) {
    counters.merge("notifications", ended.usage().notifications(), Long::sum);
    counters.merge("recorded", ended.usage().recorded(), Long::sum);
    if (hole.isEmpty()) {
      hole = ended.unobserved();
    }
    for (Sighting sighting : ended.sightings()) {
      asked.add(new PathFact(PathFact.Kind.valueOf(sighting.kind().name()), sighting.path()));
      if (!sighting.existed()) {
        absent.add(sighting.path());
      }
    }
  }

  /** Why it is not known what all tools asked: then it is not known what the build asked. */
  synchronized Optional<String> unobserved() {
    return hole.isEmpty() && !running.isEmpty()
        ? Optional.of("a tool was still running when it ended")
        : hole.map(reason -> "of a tool: " + reason);
  }

  synchronized Set<PathFact> asked() {
    return Set.copyOf(asked);
  }

  synchronized Set<String> absent() {
    return Set.copyOf(absent);
  }

  synchronized Map<String, Long> counters() {
    return Map.copyOf(counters);
  }

  private synchronized void tell(InnerRun run) {
    if (told.size() < MOST_TOLD) {
      told.add(run);
    }
  }

  /** Lets the tool run without asking memory. */
  private Decision unasked(
      InnerRequest request, Set<Integer> harmless, String why, String forgotten) {
    running.add(request.number());
    count("inner.ran");
    count("inner.forgotten");
    tell(
        new InnerRun(
            request.argv(), false, Duration.ZERO, Duration.ZERO, why, List.of(), forgotten));
    return new Run(harmless);
  }

  /** What became of each, in the order in which they ended. */
  synchronized List<InnerRun> told() {
    return List.copyOf(told);
  }
}

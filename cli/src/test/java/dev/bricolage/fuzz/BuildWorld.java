package dev.bricolage.fuzz;

import dev.bricolage.execute.Control;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.Runs.Answered;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.fronts.run.RunReport;
import dev.bricolage.fronts.run.RunRequest;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.Store;
import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import dev.bricolage.workspace.CannotWrite;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where builds are played: a store on disk, some checkouts that share it, and for each of them a
 * twin that has its sources and nothing that a build made. A build in a checkout has to give what
 * the same build gives in a plain copy of the twin, with no sandbox and no shims.
 */
final class BuildWorld implements Playground {
  private final Path folder;
  private final Store store;
  private final RunFront front;
  private final Tally tally;
  private final List<Checkout> twins = new ArrayList<>();
  private final Map<Integer, Checkout> saved = new HashMap<>();
  private final Map<Build, Answer> plain = new HashMap<>();
  private final Set<Build> remembered = new HashSet<>();

  /** A question whose answer depends on nothing else. */
  private record Build(Checkout sources, List<String> command, Map<String, String> variables) {}

  BuildWorld(Workshop workshop, Scenario scenario, ToolMutant mutant, Tally tally)
      throws IOException {
    this.tally = tally;
    this.folder = workshop.newFolder();
    Path home = folder.resolve("home");
    this.store = Store.open(home, warning -> {});
    Machine machine = Machine.ofHost(home);
    Path scratch = Files.createDirectories(home.resolve("runs"));
    Runs runs =
        new Runs(
            new TraceMemory(store.traces()),
            store.blobs(),
            new LocalExecutor(
                workshop.sandbox(), machine, store.blobs(), mutant.memory(store), scratch),
            machine,
            new HostFacts(store.files()));
    this.front = new RunFront(runs, store.blobs(), store.files(), store.products(), home);
    start(scenario);
  }

  private void start(Scenario scenario) throws IOException {
    for (int i = 0; i < Scenario.WORKSPACES; i++) {
      Path root = Files.createDirectory(workspace(i));
      Files.createFile(root.resolve("bric.toml"));
      for (Edit edit : scenario.start()) {
        edit.apply(root, "");
      }
      twins.add(Checkout.of(root));
    }
    saved.put(0, twins.getFirst());
    saved.put(1, twins.getFirst());
  }

  private Path workspace(int number) {
    return folder.resolve("ws" + number);
  }

  @Override
  public List<String> play(Turn turn) throws IOException, InterruptedException {
    for (Edit edit : turn.edits()) {
      edit(turn.workspace(), edit);
    }
    Path root = workspace(turn.workspace());
    Checkout before = Checkout.of(root);
    Checkout sources = twins.get(turn.workspace());
    Build build = new Build(sources, turn.program().arguments(""), turn.variables());
    Answer.Screen screen = new Answer.Screen();
    Optional<RunReport> report = Optional.empty();
    String refusal = "";
    try {
      report = Optional.of(run(root, build, screen));
    } catch (UserError | CannotWrite e) {
      refusal = String.valueOf(e.getMessage());
    }
    tally.count(report.map(RunReport::answered));
    Answer mine =
        screen.answer(report.map(RunReport::status).orElse(-1), refusal, Checkout.of(root));
    Answer wanted = plain(build);
    twins.set(turn.workspace(), sourcesAfter(sources, wanted.files()));
    List<String> lines =
        new ArrayList<>(
            comparable(mine, build, leftovers(before, mine.files(), wanted.files()))
                .differences(comparable(wanted, build, Set.of())));
    report.ifPresent(made -> lines.addAll(needless(build, made)));
    return lines;
  }

  private void edit(int workspace, Edit edit) throws IOException {
    Path root = workspace(workspace);
    Path twin = folder.resolve("twin");
    switch (edit) {
      case Edit.Save save -> saved.put(save.slot(), twins.get(workspace));
      case Edit.Restore restore -> {
        Checkout wanted = Optional.ofNullable(saved.get(restore.slot())).orElseThrow();
        wanted.restore(root);
        twins.set(workspace, wanted);
      }
      default -> {
        edit.apply(root, "");
        Files.createDirectories(twin);
        twins.get(workspace).restore(twin);
        edit.apply(twin, "");
        twins.set(workspace, Checkout.of(twin));
      }
    }
  }

  private RunReport run(Path root, Build build, Answer.Screen screen)
      throws IOException, InterruptedException {
    RunRequest request =
        new RunRequest(
            root,
            build.command(),
            build.variables(),
            Map.of("BRIC_RECORDER", "half"),
            List.of(),
            List.of(),
            List.of(),
            true,
            false,
            false,
            Optional.of(PlainRun.LIMIT));
    return front.run(request, screen, new Control(Thread.currentThread()::interrupt));
  }

  /** The answer of a build that nobody watches; the same build is not run twice for it. */
  private Answer plain(Build build) throws IOException, InterruptedException {
    Answer known = plain.get(build);
    if (known == null) {
      tally.plain();
      Path place = Files.createDirectory(folder.resolve("plain"));
      known = PlainRun.of(build.sources(), build.command(), environment(build), place);
      World.remove(place);
      plain.put(build, known);
    }
    return known;
  }

  /** What {@code bric run} gives commands, as far as those here look at it. */
  private static Map<String, String> environment(Build build) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "SHELL", "/bin/sh",
                "LANG", "C.UTF-8",
                "LC_ALL", "C.UTF-8",
                "TZ", "UTC",
                "TERM", "dumb",
                "TMPDIR", "/tmp"));
    environment.putAll(build.variables());
    return environment;
  }

  /** A build may change sources; what it makes besides them is no source. */
  private static Checkout sourcesAfter(Checkout sources, Checkout built) {
    SortedMap<String, Checkout.Node> after = new TreeMap<>(built.entries());
    after.keySet().retainAll(sources.entries().keySet());
    return new Checkout(after);
  }

  /** What an earlier build left in a checkout, and this one did not touch, stays. */
  private static Set<String> leftovers(Checkout before, Checkout mine, Checkout wanted) {
    return mine.entries().entrySet().stream()
        .filter(entry -> !wanted.entries().containsKey(entry.getKey()))
        .filter(entry -> entry.getValue().equals(before.entries().get(entry.getKey())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Without what is chance: names of temporary files, the order in which jobs say something. */
  private static Answer comparable(Answer answer, Build build, Set<String> without) {
    SortedMap<String, Checkout.Node> files = new TreeMap<>(answer.files().entries());
    files.keySet().removeAll(without);
    boolean ordered =
        build.command().stream().noneMatch(text -> text.contains(" -j") || text.contains("& done"));
    return new Answer(
        answer.status(),
        answer.refusal(),
        said(answer.out(), ordered),
        said(answer.err(), ordered),
        "",
        new Checkout(files));
  }

  private static String said(String text, boolean ordered) {
    String stable =
        text.replaceAll("\\bcc[A-Za-z0-9]{6}(?=[.:])", "ccXXXXXX")
            .replaceAll("tmp\\.\\d+", "tmp.1");
    return ordered
        ? stable
        : Arrays.stream(stable.split("\n", -1)).sorted().collect(Collectors.joining("\n"));
  }

  /** To run again although nothing at all has changed would be right, and useless. */
  private List<String> needless(Build build, RunReport report) {
    if (report.answered() instanceof Answered.Ran ran) {
      if (ran.forgotten().isPresent()) {
        return List.of();
      }
      return remembered.add(build)
          ? List.of()
          : List.of("it ran again although nothing has changed: " + ran.why());
    }
    remembered.add(build);
    return List.of();
  }

  @Override
  public void close() throws IOException {
    store.close();
    World.remove(folder);
  }
}

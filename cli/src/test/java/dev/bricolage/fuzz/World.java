package dev.bricolage.fuzz;

import dev.bricolage.action.Command;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Where a scenario is played: a store on disk, some checkouts that share it, and of each checkout a
 * twin that has the same edits and only ever sees clean runs. The two take turns at one path, so
 * that nothing can differ for its name.
 */
public final class World implements Playground {
  /** A command that takes this long hangs. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Plain runs cost as much as clean ones: every third turn that allows it has one. */
  private static final int PLAIN_EVERY = 3;

  private final Scenario scenario;
  private final Path folder;
  private final Path host;
  private final Store store;
  private final Watched executor;
  private final RunFront front;
  private final CleanRuns cleanRuns;
  private final Tally tally;
  private final Map<Integer, Checkout> saved = new HashMap<>();
  private final Set<String> remembered = new HashSet<>();
  private int hostState;
  private int turns;

  World(Workshop workshop, Scenario scenario, Mutant mutant, Tally tally)
      throws IOException, InterruptedException {
    this.scenario = scenario;
    this.tally = tally;
    this.folder = workshop.newFolder();
    this.host = Files.createDirectory(folder.resolve("host"));
    for (String tool : Workshop.TOOLS) {
      Files.copy(workshop.tool(tool), host.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path home = folder.resolve("home");
    this.store = Store.open(home, warning -> {});
    Machine machine = Machine.ofHost(home);
    Path scratch = Files.createDirectories(home.resolve("runs"));
    this.executor =
        new Watched(
            new LocalExecutor(workshop.sandbox(), machine, store.blobs(), inner(store), scratch),
            mutant);
    Runs runs =
        new Runs(
            new TraceMemory(store.traces()),
            store.blobs(),
            executor,
            machine,
            new HostFacts(store.files()));
    this.front = new RunFront(runs, store.blobs(), store.files(), store.products(), home);
    this.cleanRuns = new CleanRuns(workshop.sandbox(), machine, home);
    start();
  }

  private void start() throws IOException, InterruptedException {
    for (Edit edit : scenario.hostStart()) {
      edit.apply(host, host.toString());
    }
    Path first = Files.createDirectory(workspace(0));
    for (Edit edit : scenario.start()) {
      edit.apply(first, host.toString());
    }
    switch (scenario.marking()) {
      case NONE -> {}
      case MARKER -> Files.createFile(first.resolve("bric.toml"));
      case GIT -> {
        Files.writeString(first.resolve(".gitignore"), "out/\n*.tmp\n");
        git(first, "init", "-q");
        git(first, "add", "-f", "--ignore-errors", ".");
        git(first, "rm", "-q", "--cached", "--ignore-unmatch", "b", "x/c.h");
      }
    }
    for (int i = 0; i < Scenario.WORKSPACES; i++) {
      copy(first, twin(i));
      if (i > 0) {
        copy(first, workspace(i));
      }
    }
    for (int slot = 0; slot < 2; slot++) {
      saved.put(slot, Checkout.of(first));
    }
  }

  private static void git(Path where, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    wellDone(new ProcessBuilder(command).directory(where.toFile()));
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    wellDone(new ProcessBuilder("cp", "-a", from.toString(), to.toString()));
  }

  private static void wellDone(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("failed: " + builder.command());
    }
  }

  private Path workspace(int number) {
    return folder.resolve("ws" + number);
  }

  private Path twin(int number) {
    return folder.resolve("ws" + number + ".twin");
  }

  @Override
  public List<String> play(Turn turn) throws IOException, InterruptedException {
    turns++;
    for (Edit edit : turn.edits()) {
      edit(turn.workspace(), edit);
    }
    for (Edit edit : turn.hostEdits()) {
      edit.apply(host, host.toString());
      hostState++;
    }
    Path root = workspace(turn.workspace());
    Reply mine = ask(front, root, turn, false);
    Path aside = folder.resolve("aside");
    Files.move(root, aside);
    Files.move(twin(turn.workspace()), root);
    try (CleanRuns.Once once = cleanRuns.new Once(root)) {
      Reply wanted = ask(once.front(), root, turn, true);
      return judge(mine, wanted, once);
    } finally {
      Files.move(root, twin(turn.workspace()));
      Files.move(aside, root);
    }
  }

  private void edit(int workspace, Edit edit) throws IOException {
    for (Path root : List.of(workspace(workspace), twin(workspace))) {
      switch (edit) {
        case Edit.Save save -> saved.put(save.slot(), Checkout.of(root));
        case Edit.Restore restore ->
            Optional.ofNullable(saved.get(restore.slot())).orElseThrow().restore(root);
        default -> edit.apply(root, host.toString());
      }
    }
  }

  /** What came back, and how. */
  private record Reply(Answer answer, Optional<Answered> answered) {}

  private Reply ask(RunFront front, Path root, Turn turn, boolean fresh)
      throws IOException, InterruptedException {
    Answer.Screen screen = new Answer.Screen();
    Path directory = root.resolve(turn.directory());
    RunRequest request =
        new RunRequest(
            Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) ? directory : root,
            turn.program().arguments(host.toString()),
            turn.variables(),
            Map.of("BRIC_RECORDER", "half"),
            List.of(host),
            List.of(),
            List.of(),
            true,
            fresh,
            false,
            Optional.of(LIMIT));
    try {
      RunReport report = front.run(request, screen, new Control(Thread.currentThread()::interrupt));
      return new Reply(
          screen.answer(report.status(), "", Checkout.of(root)), Optional.of(report.answered()));
    } catch (UserError | CannotWrite e) {
      Answer refused = screen.answer(-1, String.valueOf(e.getMessage()), Checkout.of(root));
      return new Reply(refused, Optional.empty());
    }
  }

  private List<String> judge(Reply mine, Reply wanted, CleanRuns.Once once)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>(mine.answer().differences(wanted.answer()));
    Optional<Watched.Seen> ran = executor.take();
    Optional<Watched.Seen> clean = once.seen();
    tally.count(mine.answered());
    if (ran.isPresent() && clean.isPresent()) {
      if (!ran.get().action().inputs().equals(clean.get().action().inputs())) {
        lines.add("the snapshots differ");
      }
    }
    if (clean.isPresent()) {
      lines.addAll(needlessRun(mine, clean.get().action().command(), clean.get()));
      lines.addAll(plain(clean.get(), once.store()));
    }
    return lines;
  }

  /** To run again although nothing at all has changed would be right, and useless. */
  private List<String> needlessRun(Reply mine, Command command, Watched.Seen clean) {
    if (mine.answered().isEmpty()) {
      return List.of();
    }
    String state = command.digest() + " " + clean.action().inputs().digest() + " " + hostState;
    boolean known = remembered.contains(state);
    if (mine.answered().get() instanceof Answered.Ran ran) {
      if (ran.forgotten().isEmpty()) {
        remembered.add(state);
      }
      return known ? List.of("it ran again although nothing has changed: " + ran.why()) : List.of();
    }
    remembered.add(state);
    return List.of();
  }

  private List<String> plain(Watched.Seen clean, Store store)
      throws IOException, InterruptedException {
    if (!scenario.portable() || turns % PLAIN_EVERY != 0) {
      return List.of();
    }
    tally.plain();
    Path place = folder.resolve("plain");
    try {
      return new PlainRun(place, store.blobs())
          .differences(
              clean.action().command(), clean.action().inputs(), clean.execution().outcome());
    } finally {
      remove(place);
    }
  }

  /** Removes a folder with all that is in it. */
  public static void remove(Path folder) throws IOException {
    try {
      wellDone(new ProcessBuilder("rm", "-rf", folder.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    remove(folder);
  }

  private static InnerMemory inner(Store store) {
    return new InnerMemory(
        new TraceMemory(store.traces()),
        store.blobs(),
        new HostFacts(store.files()),
        store.files());
  }
}

package dev.bricolage.fronts.run;

import dev.bricolage.action.Command;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.action.event.Listener;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.MissingBlob;
import dev.bricolage.execute.Recorder;
import dev.bricolage.execute.Replay;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.Toolset;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.CannotWrite;
import dev.bricolage.workspace.Environment;
import dev.bricolage.workspace.FileCache;
import dev.bricolage.workspace.Settings;
import dev.bricolage.workspace.UnderWay;
import dev.bricolage.workspace.UserError;
import dev.bricolage.workspace.Visibility;
import dev.bricolage.workspace.Workspace;
import dev.bricolage.workspace.WorkspaceFacts;
import dev.bricolage.workspace.WorkspaceSnapshot;
import dev.bricolage.workspace.WriteBack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** The whole journey of one {@code bric run}: from the checkout to the outcome and home again. */
public final class RunFront {
  /** Where a workspace appears in the sandbox, whatever the checkout is called. */
  public static final String MOUNT = "/build";

  private static final int HINTS = 3;

  private final Runs runs;
  private final Blobs blobs;
  private final FileDigests digests;
  private final Products products;
  private final Visibility.Sources sources;
  private final Path home;
  private final UnderWay underWay;
  private final FileCache<Settings> settings = new FileCache<>(Settings::read);

  /**
   * A front over these parts.
   *
   * @param home the store's folder, which is no part of any workspace
   */
  public RunFront(Runs runs, Blobs blobs, FileDigests digests, Products products, Path home) {
    this.home = home;
    this.underWay = new UnderWay(home);
    this.runs = runs;
    this.blobs = blobs;
    this.digests = digests;
    this.products = products;
    this.sources = new Visibility.Sources(products);
  }

  /** Removes what a killed daemon has left in workspaces. */
  public void prepare() throws IOException {
    underWay.sweep();
  }

  /**
   * Carries the request out; interrupting the thread ends it.
   *
   * @param console gets the command's output, live or replayed
   * @throws UserError for what the user can mend
   */
  public RunReport run(RunRequest request, Console console, Control control)
      throws IOException, InterruptedException {
    return run(request, console, control, Listener.NOBODY);
  }

  /** The same, and this listener hears of it. */
  public RunReport run(RunRequest request, Console console, Control control, Listener listener)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Path real = real(request.directory());
    Workspace workspace = Workspace.holding(real, home(request.users()));
    String mount = request.realPath() ? workspace.root().toString() : MOUNT;
    Herald herald = new Herald(listener, workspace, real, request.arguments());
    herald.begin();
    Command command = command(request, workspace, real, mount);
    Journey journey =
        new Journey(request, workspace, standing(workspace, real), mount, console, control);
    Runs.Answered answered = journey.ask(command, request.fresh());
    Optional<WriteBack.Report> back;
    try {
      back = journey.bringHome(answered);
    } catch (WriteBack.BlobLost | MissingBlob lost) {
      answered = journey.ask(command, true);
      back = journey.bringHome(answered);
    }
    herald.ended(answered, blobs);
    List<String> notes = new ArrayList<>(journey.notes);
    if (answered instanceof Runs.Answered.Ran ran) {
      notes.addAll(ran.execution().notes());
    }
    back.ifPresent(report -> notes.addAll(report.notes()));
    return new RunReport(
        workspace.root(),
        answered,
        Duration.ofNanos(System.nanoTime() - began),
        back.map(WriteBack.Report::written).orElse(0),
        back.map(WriteBack.Report::deleted).orElse(0),
        notes);
  }

  private static Path real(Path directory) throws IOException {
    try {
      return directory.toRealPath();
    } catch (java.nio.file.NoSuchFileException e) {
      throw new UserError(directory + ": no such directory");
    }
  }

  private static Optional<Path> home(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home));
  }

  private static TreePath standing(Workspace workspace, Path directory) {
    return workspace.locate(directory).orElse(TreePath.ROOT);
  }

  private Command command(RunRequest request, Workspace workspace, Path directory, String mount)
      throws IOException {
    TreePath inside = standing(workspace, directory);
    String where = inside.equals(TreePath.ROOT) ? mount : mount + "/" + inside;
    SortedMap<String, String> environment = Environment.of(request.users(), request.chosen());
    environment.put("PWD", where);
    for (Path path : request.readOnly()) {
      if (path.startsWith(workspace.root())) {
        throw new UserError(
            "--ro "
                + path
                + " lies in the workspace: what is not ignored there is an input already, and"
                + " --in PATH makes the rest one");
      }
    }
    for (Path path : request.readOnly()) {
      if (Stat.of(path).isSymlink()) {
        throw new UserError(
            "--ro " + path + " is a link: name what it leads to, " + path.toRealPath());
      }
    }
    List<String> readOnly = request.readOnly().stream().map(Path::toString).sorted().toList();
    try {
      return new Command(request.arguments(), environment, where, runs.platform(mount, readOnly));
    } catch (IllegalArgumentException e) {
      throw new UserError(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  /** The variable that says which programs note their lookups themselves. */
  private static final String RECORDER = "BRIC_RECORDER";

  /** What one request needs on its way. */
  private final class Journey {
    private final RunRequest request;
    private final Workspace workspace;
    private final String mount;
    private final Console console;
    private final Control control;
    private final List<TreePath> in;
    private final List<TreePath> out;
    private final TreePath standing;
    private final Toolset tools;
    private final List<String> notes = new ArrayList<>();

    Journey(
        RunRequest request,
        Workspace workspace,
        TreePath standing,
        String mount,
        Console console,
        Control control)
        throws IOException {
      this.standing = standing;
      this.request = request;
      this.tools = tools(workspace).watchedWith(recorder(request.users()));
      this.workspace = workspace;
      this.mount = mount;
      this.console = console;
      this.control = control;
      this.in = places(request.in());
      this.out = places(request.out());
      workspace.locate(home).ifPresent(out::add);
    }

    private Toolset tools(Workspace workspace) throws IOException {
      Path file = workspace.root().resolve(Workspace.MARKER);
      Stat stat = Stat.following(file);
      return stat.isFile() && stat.size() > 0 ? settings.get(file, stat).tools() : Toolset.USUAL;
    }

    private static Recorder recorder(Map<String, String> environment) throws UserError {
      String name = environment.getOrDefault(RECORDER, "");
      return name.isEmpty()
          ? Recorder.ON
          : Recorder.named(name)
              .orElseThrow(() ->
                  new UserError(RECORDER + " is `" + name + "`; say `on`, `off`, or leave it out"));
    }

    private List<TreePath> places(List<String> paths) throws UserError {
      List<TreePath> places = new ArrayList<>();
      for (String path : paths) {
        Path absolute = workspace.resolve(standing).resolve(path).normalize();
        Optional<TreePath> place = workspace.locate(absolute);
        if (place.isEmpty()) {
          throw new UserError(path + " is not in the workspace " + workspace.root());
        }
        places.add(place.get());
      }
      return places;
    }

    Runs.Answered ask(Command command, boolean fresh) throws IOException, InterruptedException {
      WorkspaceFacts facts = new WorkspaceFacts(workspace, visibility(), digests, mount);
      Runs.Ask ask = new Runs.Ask(command, facts, this::snapshot, request.timeout(), fresh, tools);
      return runs.ask(ask, console, control);
    }

    /**
     * Looks afresh each time: what was seen while recalling may have changed before the snapshot.
     */
    private Visibility visibility() {
      return new Visibility(
          workspace, sources, Visibility.globalIgnore(request.users()), in, out, standing);
    }

    private Tree snapshot() throws IOException {
      Tree tree = WorkspaceSnapshot.take(workspace, visibility(), digests, blobs);
      long objects =
          tree.entries().keySet().stream().filter(path -> path.value().endsWith(".o")).count();
      if (objects > 0) {
        TreePath one =
            tree.entries().keySet().stream()
                .filter(path -> path.value().endsWith(".o"))
                .findFirst()
                .orElseThrow();
        notes.add(
            "%d object file%s (%s) that bric did not make count%s as source: remove or ignore them"
                .formatted(objects, objects == 1 ? "" : "s", one, objects == 1 ? "s" : ""));
      }
      return tree;
    }

    Optional<WriteBack.Report> bringHome(Runs.Answered answered) throws IOException {
      Outcome outcome = answered.outcome();
      boolean remembered = answered instanceof Runs.Answered.Remembered;
      Optional<WriteBack.Report> report = Optional.empty();
      if (answered instanceof Runs.Answered.Ran ran) {
        hints(ran.execution());
        if (!(ran.execution().ending() instanceof Execution.Ending.Exited)) {
          notes.add("nothing is written back, because the command did not end by itself");
          return report;
        }
      }
      if (request.writeBack()) {
        report = Optional.of(writeBack(answered));
      }
      if (remembered) {
        new Replay(outcome, blobs).to(console);
      }
      return report;
    }

    /** A command that runs has printed by the time its outputs find no place: so has a replay. */
    private WriteBack.Report writeBack(Runs.Answered answered) throws IOException {
      Optional<Tree> before =
          answered instanceof Runs.Answered.Ran ran ? Optional.of(ran.inputs()) : Optional.empty();
      try {
        return new WriteBack(workspace, mount, blobs, digests, products, underWay, before)
            .apply(answered.outcome());
      } catch (UserError | CannotWrite e) {
        if (answered instanceof Runs.Answered.Remembered remembered) {
          new Replay(remembered.outcome(), blobs).to(console);
        }
        throw e;
      }
    }

    /** A command that failed may have missed a file that is there, but no input. */
    private void hints(Execution execution) throws IOException {
      if (execution.outcome().exitCode() == 0) {
        return;
      }
      Complaints complaints = Complaints.in(execution.outcome(), blobs);
      Visibility visibility = visibility();
      for (PathFact fact : new TreeSet<>(execution.asked())) {
        if (!fact.path().startsWith(mount + "/") || notes.size() == HINTS) {
          continue;
        }
        TreePath path = TreeFacts.within(fact.path(), mount);
        if (complaints.name(path.name())) {
          visibility
              .hiddenBecause(path)
              .ifPresent(why ->
                  notes.add(
                      "the command cannot see %s, because %s; --in %s shows it"
                          .formatted(path, why, fromHere(path))));
        }
      }
    }

    /** A path as it must be written on the command line. */
    private Path fromHere(TreePath path) {
      return workspace.resolve(standing).relativize(workspace.resolve(path));
    }
  }
}

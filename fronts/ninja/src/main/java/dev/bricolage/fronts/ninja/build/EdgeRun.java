package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Command;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.Toolset;
import dev.bricolage.fronts.ninja.deps.Depfile;
import dev.bricolage.fronts.ninja.deps.ShowIncludes;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.mount.Mount;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.WriteBack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Asks for one edge's outcome, and brings it home. */
final class EdgeRun {
  /** SIGHUP, SIGINT, SIGTERM: a command that dies of one was interrupted together with ninja. */
  private static final Set<Integer> ENDS_NINJA = Set.of(1, 2, 15);

  /** Others may run it each time, but not for ever. */
  private static final int TRIES = 8;

  private final Build build;
  private final Edge edge;
  private final Homeward homeward;
  private final int startMillis;
  private List<String> notes = List.of();
  private final Map<TreePath, Entry> besides = new TreeMap<>();
  private Optional<String> missing = Optional.empty();
  private boolean isOlder;
  private Optional<Runs.Why> why = Optional.empty();

  EdgeRun(Build build, Edge edge) {
    this.build = build;
    this.edge = edge;
    this.homeward = new Homeward(build, edge);
    this.startMillis = build.elapsedMillis();
  }

  /**
   * Runs it, or remembers.
   *
   * @param console hears it while it runs, besides what {@link Ended#output} tells at the end
   */
  Ended perform(Console console, Control control)
      throws NinjaError, WantsMore, IOException, InterruptedException {
    prepare();
    if (build.debug().explain()) {
      missing =
          IntStream.of(build.needs().outputs(edge.id()))
              .mapToObj(this::path)
              .filter(output -> !Files.exists(build.folder().onDisk(output)))
              .findFirst();
    }
    EdgeView view = build.world().seenBy(edge.id(), besides);
    Runs.Ask ask =
        new Runs.Ask(
            command(build, edge),
            view.facts(build.folder().mount().at()),
            view::tree,
            Optional.empty(),
            build.fresh(),
            Toolset.NONE,
            build.folder().mount().alias());
    Runs.Answered answered = answered(ask, console, control);
    if (answered instanceof Runs.Answered.Ran ran && isInterrupted(ran.execution().ending())) {
      throw new InterruptedException(); // ninja takes it for the user's own
    }
    if (!build.strict()) {
      List<Integer> wanted = wanted(asked(answered));
      if (!wanted.isEmpty()) {
        throw new WantsMore(wanted);
      }
    }
    if (answered instanceof Runs.Answered.Ran ran) {
      why = Optional.of(homeward.of(ran.why()));
      leaveResponseFile(ran.outcome().exitCode() != 0);
    }
    return home(answered, view);
  }

  /**
   * As ninja leaves it: it stays when its command failed, or when that was asked for. It is no
   * source then: whoever lists its folder would else see that the last build had failed.
   */
  private void leaveResponseFile(boolean failed) throws NinjaError, IOException {
    String name = edge.rspfile();
    Optional<TreePath> place = name.isEmpty() ? Optional.empty() : build.folder().place(name);
    if (place.isEmpty()) {
      return;
    }
    Path file = build.folder().onDisk(name);
    String workspace = build.folder().workspace().id();
    if (failed || build.debug().keepResponseFiles()) {
      byte[] content = edge.rspfileContent().getBytes(StandardCharsets.UTF_8);
      Entry left = new Entry.File(build.blobs().put(content), false);
      build.products().record(workspace, Map.of(place.get(), Optional.of(left)));
      Files.createDirectories(build.folder().onDisk(name + "/.."));
      Files.write(file, content);
    } else {
      Files.deleteIfExists(file);
      if (build.products().get(workspace, place.get()).isPresent()) {
        build.products().record(workspace, Map.of(place.get(), Optional.empty()));
      }
    }
  }

  /** Who gets what another build's run gave, at the same time, asks memory what that rests on. */
  private Runs.Answered answered(Runs.Ask ask, Console console, Control control)
      throws IOException, InterruptedException {
    Runs.Answered answered = build.runs().ask(ask, console, control);
    for (int again = 0; again < TRIES && answered.rests().isEmpty(); again++) {
      if (answered instanceof Runs.Answered.Ran) {
        return answered;
      }
      answered = build.runs().ask(ask, console, control);
    }
    return answered;
  }

  /** The paths that the command looked at. */
  private static Stream<String> asked(Runs.Answered answered) {
    return switch (answered) {
      case Runs.Answered.Ran ran -> ran.execution().asked().stream().map(PathFact::path);
      case Runs.Answered.Remembered known ->
          known.rests().stream().map(step -> step.question().subject());
    };
  }

  private static boolean isInterrupted(Execution.Ending ending) {
    return ending instanceof Execution.Ending.Killed(int signal) && ENDS_NINJA.contains(signal);
  }

  /** What memory knows of it; nothing runs. */
  Optional<Outcome> known(Control control) throws NinjaError, IOException, InterruptedException {
    prepare();
    EdgeView view = build.world().seenBy(edge.id(), besides);
    Runs.Ask ask =
        new Runs.Ask(
            command(build, edge),
            view.facts(build.folder().mount().at()),
            () -> {
              throw new MustRun();
            },
            Optional.empty(),
            false,
            Toolset.NONE,
            build.folder().mount().alias());
    try {
      return Optional.of(build.runs().ask(ask, Console.SILENT, control).outcome());
    } catch (MustRun unknown) {
      return Optional.empty();
    }
  }

  /** Memory does not know an edge that is only asked about. */
  private static final class MustRun extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** The edge has looked for what other edges make that it does not need: it shall see that. */
  static final class WantsMore extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Integer> paths;

    WantsMore(List<Integer> paths) {
      super("more is needed", null, false, false);
      this.paths = paths;
    }

    List<Integer> paths() {
      return paths;
    }
  }

  private List<Integer> wanted(Stream<String> asked) {
    Needs needs = build.needs();
    Set<Integer> made = new TreeSet<>();
    Mount mount = build.folder().mount();
    asked.forEach(path -> build.folder().made(mount.home(path)).ifPresent(made::add));
    made.removeIf(path -> needs.producer(path) == edge.id());
    if (made.isEmpty()) {
      return List.of();
    }
    Set<Integer> below = new HashSet<>(needs.below(edge.id()));
    return made.stream()
        .filter(path -> !below.contains(needs.producer(path)))
        .filter(path -> !needs.below(needs.producer(path)).contains(edge.id()))
        .toList();
  }

  /** Folders of outputs are there before the command, and so is its response file. */
  private void prepare() throws NinjaError {
    for (int output : build.needs().outputs(edge.id())) {
      build
          .folder()
          .place(path(output))
          .ifPresent(
              place -> place.ancestors().forEach(above -> besides.put(above, new Entry.Folder())));
    }
    String rspfile = edge.rspfile();
    Optional<TreePath> place = rspfile.isEmpty() ? Optional.empty() : build.folder().place(rspfile);
    if (place.isPresent()) {
      String said = build.folder().mount().inside(edge.rspfileContent());
      byte[] content = said.getBytes(StandardCharsets.UTF_8);
      place.get().ancestors().forEach(above -> besides.put(above, new Entry.Folder()));
      besides.put(place.get(), new Entry.File(build.blobs().put(content), false));
    }
  }

  /** What a shell is to run for an edge, and where. */
  static Command command(Build build, Edge edge) throws NinjaError {
    BuildFolder folder = build.folder();
    SortedMap<String, String> environment = new TreeMap<>(build.environment());
    environment.replaceAll((name, value) -> folder.mount().inside(value));
    environment.put("PWD", folder.directory());
    return new Command(
        List.of("/bin/sh", "-c", folder.mount().inside(edge.command())),
        environment,
        folder.directory(),
        folder.platform(build.runs()));
  }

  private Ended home(Runs.Answered answered, EdgeView view) throws NinjaError, IOException {
    Outcome outcome = answered.outcome();
    byte[] output = build.folder().mount().told(output(build, outcome));
    if (outcome.exitCode() != 0) {
      return ended(outcome.exitCode(), Ended.How.RAN, output, List.of());
    }
    List<String> dependencies = new ArrayList<>();
    NavigableMap<TreePath, Entry> changes = homeward.of(outcome.changes());
    String deps = edge.binding("deps");
    switch (deps) {
      case "" -> {}
      case "gcc" -> {
        try {
          dependencies.addAll(depfile(outcome.changes()));
          if (!build.debug().keepDepfiles()) {
            build.folder().place(edge.depfile()).ifPresent(changes::remove);
          }
        } catch (NinjaError wrong) {
          return ended(1, Ended.How.RAN, joined(output, wrong.text()), List.of());
        }
      }
      case "msvc" -> {
        ShowIncludes said = ShowIncludes.parse(output, edge.binding("msvc_deps_prefix"));
        dependencies.addAll(said.includes());
        output = said.rest();
      }
      default -> throw NinjaError.fatal("unknown deps type '" + deps + "'");
    }
    Made made = new Made(changes, outcome.deleted());
    build.world().made(edge.id(), made);
    build.settling().came(edge.id(), made, view.grounds(answered.rests(), build.folder()));
    Optional<Tree> before =
        answered instanceof Runs.Answered.Ran ran ? Optional.of(ran.inputs()) : Optional.empty();
    Outcome kept =
        new Outcome(
            0,
            changes,
            outcome.rewritten(),
            outcome.deleted(),
            outcome.stdout(),
            outcome.stderr(),
            outcome.console());
    if (!build.homecoming().takes(edge.id())) {
      return ended(
          0, before.isPresent() ? Ended.How.RAN : Ended.How.REMEMBERED, output, dependencies);
    }
    WriteBack.Report report = build.writeBack(before).apply(kept);
    notes = report.notes();
    boolean touched = freshen(before.isPresent());
    isOlder = touched && report.written() + report.deleted() == 0;
    Ended.How how =
        before.isPresent()
            ? Ended.How.RAN
            : report.written() + report.deleted() > 0 || touched
                ? Ended.How.REMEMBERED
                : Ended.How.UP_TO_DATE;
    return ended(0, how, output, dependencies);
  }

  private static byte[] joined(byte[] output, String complaint) {
    Bytes all = new Bytes();
    all.add(output);
    if (output.length > 0) {
      all.add('\n');
    }
    all.add(complaint.getBytes(StandardCharsets.UTF_8));
    return all.toByteArray();
  }

  private Ended ended(int status, Ended.How how, byte[] output, List<String> dependencies) {
    Bytes said = new Bytes();
    said.add(output);
    List<String> reasons =
        build.debug().explain()
            ? Reasons.of(
                build.folder().folder(),
                path(build.needs().outputs(edge.id())[0]),
                missing,
                isOlder,
                why)
            : List.of();
    return new Ended(
        edge.id(),
        status,
        how,
        said,
        dependencies,
        startMillis,
        build.elapsedMillis(),
        why,
        reasons,
        notes);
  }

  /** What the depfile says, which ninja keeps in its log. */
  private List<String> depfile(SortedMap<TreePath, Entry> changes) throws NinjaError, IOException {
    if (edge.depfile().isEmpty()) {
      throw NinjaError.error("edge with deps=gcc but no depfile makes no sense");
    }
    Optional<TreePath> place = build.folder().place(edge.depfile());
    if (place.isEmpty() || !(changes.get(place.get()) instanceof Entry.File file)) {
      return List.of();
    }
    byte[] content = build.blobs().read(file.digest()).orElseThrow();
    if (content.length == 0) {
      return List.of();
    }
    List<String> inputs = new ArrayList<>();
    for (String input : Depfile.parse(content).inputs()) {
      inputs.add(build.folder().mount().home(Manifest.canonical(input)));
    }
    return inputs;
  }

  /**
   * Plain ninja goes by times: what was made of something newer is made newer, though its bytes are
   * the same. Whether any was.
   */
  private boolean freshen(boolean always) throws IOException {
    long newest = build.atHome().newestInput(edge.id()).orElse(0L);
    boolean touched = false;
    for (int output : build.needs().outputs(edge.id())) {
      Path file = build.folder().onDisk(path(output));
      Stat stat = Stat.following(file);
      if (stat.exists() && stat.mtime() < newest) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        touched = true;
      }
    }
    return touched && !always;
  }

  private static byte[] output(Build build, Outcome outcome) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream stdout = build.blobs().open(outcome.stdout()).orElseThrow();
        InputStream stderr = build.blobs().open(outcome.stderr()).orElseThrow()) {
      for (Outcome.Span span : outcome.console()) {
        InputStream from = span.stderr() ? stderr : stdout;
        all.write(from.readNBytes(Math.toIntExact(span.length())));
      }
    }
    return all.toByteArray();
  }

  private String path(int path) {
    return build.needs().path(path);
  }
}

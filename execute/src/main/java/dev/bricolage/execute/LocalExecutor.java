package dev.bricolage.execute;

import dev.bricolage.action.Action;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.sandbox.Console;
import dev.bricolage.sandbox.Ended;
import dev.bricolage.sandbox.Running;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.sandbox.Sighting;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs actions on this machine, each in a sandbox of its own. */
public final class LocalExecutor implements Executor {
  /**
   * With less room than this at the end, a write may have failed that the command did not check.
   */
  private static final long LEAST_SPACE = 1 << 20;

  private static final String RUN = "run-";

  /** A process number comes again, in containers at every start; the moment does not. */
  private static final String OURS =
      RUN + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + "-";

  private final Sandbox sandbox;
  private final Machine machine;
  private final Blobs blobs;
  private final Path scratch;
  private final InnerMemory inner;
  private final Stagings stagings;

  /**
   * An executor.
   *
   * @param scratch a folder on the store's file system, for the workspaces of runs
   */
  public LocalExecutor(
      Sandbox sandbox, Machine machine, Blobs blobs, InnerMemory inner, Path scratch) {
    this.inner = inner;
    this.sandbox = sandbox;
    this.machine = machine;
    this.blobs = blobs;
    this.scratch = scratch;
    this.stagings = new Stagings(blobs, scratch, OURS);
  }

  @Override
  public Execution execute(Action action, Toolset toolset, Console console, Control control)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, OURS);
    try (Stagings.Lease inputs = stagings.lay(action.inputs())) {
      Machine.Stage stage =
          new Machine.Stage(inputs.folder(), made(folder, "upper"), made(folder, "work"));
      return execute(action, toolset, console, control, folder, stage);
    } finally {
      Thread.ofVirtual().name("sweep").start(() -> sweep(folder));
    }
  }

  private Execution execute(
      Action action,
      Toolset toolset,
      Console console,
      Control control,
      Path folder,
      Machine.Stage stage)
      throws IOException, InterruptedException {
    InnerTools caught = machine.tools(action.command(), toolset);
    try (Transcript transcript = new Transcript(folder, console);
        InnerBuild tools = inner(action, stage, caught)) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled before the command started");
      }
      Staging.touch(stage.upper()); // the workspace's own folder shows the time of the upper one
      Instant start = Instant.now();
      long began = System.nanoTime();
      Running running =
          sandbox.run(machine.plan(action, stage, caught, toolset.recorder()), transcript, tools);
      control.started(number -> signal(running, number));
      AtomicBoolean late = new AtomicBoolean();
      Ended ended;
      try {
        ended = await(running, action, late);
      } finally {
        control.ended();
      }
      Duration duration = Duration.ofNanos(System.nanoTime() - began);
      boolean full = Files.getFileStore(folder).getUsableSpace() < LEAST_SPACE;
      Execution.Ending ending = ending(ended, action, late.get());
      Changes changes = Changes.collect(action.inputs(), stage.upper(), blobs);
      return execution(action, ended, ending, changes, transcript, tools, start, duration, full);
    }
  }

  private InnerBuild inner(Action action, Machine.Stage stage, InnerTools caught) {
    BuildView.Build build =
        new BuildView.Build(
            Machine.workspace(action.command()),
            action.inputs(),
            stage.upper(),
            machine.hostRoots(action.command()),
            inner.host,
            inner.digests,
            new ConcurrentHashMap<>());
    return new InnerBuild(inner, action.command(), build, caught);
  }

  /** Readies the scratch folder and removes what runs of dead processes left in it. */
  public void prepare() throws IOException {
    HostFiles.spread(HostFiles.bytes(scratch));
    List<Path> dead;
    try (Stream<Path> runs = Files.list(scratch)) {
      dead = runs.filter(LocalExecutor::isLeft).toList();
    }
    dead.forEach(folder -> Thread.ofVirtual().name("sweep").start(() -> sweep(folder)));
  }

  /** Removes what is kept from run to run, so that nothing but the store holds blobs. */
  public void release() {
    stagings.release();
  }

  private static boolean isLeft(Path folder) {
    String name = folder.getFileName().toString();
    int dash = name.indexOf('-', RUN.length());
    if (!name.startsWith(RUN) || dash < 0 || name.startsWith(OURS)) {
      return false;
    }
    long pid = Long.parseLong(name.substring(RUN.length(), dash));
    return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
  }

  private static Path made(Path folder, String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static Ended await(Running running, Action action, AtomicBoolean late)
      throws IOException, InterruptedException {
    if (action.timeout().isEmpty()) {
      return running.await();
    }
    Duration limit = action.timeout().get();
    Thread watch =
        Thread.ofVirtual()
            .name("timeout")
            .start(() -> {
              try {
                Thread.sleep(limit);
                late.set(true);
                kill(running);
              } catch (InterruptedException ended) {
                // The run was faster.
              }
            });
    try {
      return running.await();
    } finally {
      watch.interrupt();
    }
  }

  private static Execution.Ending ending(Ended ended, Action action, boolean late)
      throws IOException {
    return switch (ended.exit()) {
      case Ended.Exited exited -> new Execution.Ending.Exited(exited.code());
      case Ended.Killed killed when late ->
          new Execution.Ending.TimedOut(action.timeout().orElseThrow());
      case Ended.Killed killed -> new Execution.Ending.Killed(killed.signal());
      case Ended.Refused refused -> throw new SandboxRefused(refused.message());
    };
  }

  private Execution execution(
      Action action,
      Ended ended,
      Execution.Ending ending,
      Changes changes,
      Transcript transcript,
      InnerBuild tools,
      Instant start,
      Duration duration,
      boolean full)
      throws IOException {
    Outcome outcome =
        new Outcome(
            status(ending),
            changes.changed(),
            changes.rewritten(),
            changes.deleted(),
            transcript.stdout(blobs),
            transcript.stderr(blobs),
            transcript.spans());
    List<String> notes = new ArrayList<>(ended.notes());
    changes.left().forEach(left -> notes.add("not kept: " + left));
    Set<PathFact> asked = new HashSet<>();
    Set<String> absent = new HashSet<>();
    for (Sighting sighting : ended.sightings()) {
      asked.add(new PathFact(PathFact.Kind.valueOf(sighting.kind().name()), sighting.path()));
      if (!sighting.existed()) {
        absent.add(sighting.path());
      }
    }
    asked.addAll(tools.asked());
    absent.addAll(tools.absent());
    String workspace = Machine.workspace(action.command());
    changes
        .touched()
        .forEach(
            path -> asked.add(new PathFact(PathFact.Kind.CONTENT, workspace + "/" + path.value())));
    return new Execution(
        ending,
        outcome,
        strongest(asked),
        absent,
        duration,
        start.getEpochSecond() * 1_000_000_000L + start.getNano(),
        notes,
        counters(ended.usage(), tools),
        tools.told(),
        full,
        ended.unobserved().or(tools::unobserved),
        Optional.empty());
  }

  private static Map<String, Long> counters(Ended.Usage usage, InnerBuild tools) {
    Map<String, Long> counters = new TreeMap<>(tools.counters());
    counters.put("userMillis", usage.user().toMillis());
    counters.put("systemMillis", usage.system().toMillis());
    counters.put("maxResidentBytes", usage.maxResidentBytes());
    counters.merge("notifications", usage.notifications(), Long::sum); // besides the tools'
    counters.merge("recorded", usage.recorded(), Long::sum);
    return counters;
  }

  private static void signal(Running running, int number) {
    try {
      running.signal(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void kill(Running running) {
    try {
      running.kill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int status(Execution.Ending ending) {
    return switch (ending) {
      case Execution.Ending.Exited exited -> exited.status();
      case Execution.Ending.Killed killed -> 128 + killed.signal();
      case Execution.Ending.TimedOut timedOut -> 124;
    };
  }

  /** STAT adds nothing to a path whose content or names were asked for, too. */
  private static Set<PathFact> strongest(Set<PathFact> asked) {
    Map<String, Integer> kinds = new HashMap<>();
    asked.forEach(fact -> kinds.merge(fact.path(), 1, Integer::sum));
    Set<PathFact> kept = new HashSet<>(asked);
    kept.removeIf(
        fact -> fact.kind() == PathFact.Kind.STAT && kinds.getOrDefault(fact.path(), 0) > 1);
    return kept;
  }

  /** The sandbox could not be made as planned. */
  public static final class SandboxRefused extends IOException {
    private static final long serialVersionUID = 1;

    SandboxRefused(String message) {
      super(message);
    }
  }

  /** Removes a run's folders; overlayfs leaves some without permissions. */
  static void sweep(Path folder) {
    try (Stream<Path> below = Files.list(folder)) {
      for (Path path : (Iterable<Path>) below::iterator) {
        if (Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          sweep(path);
        } else {
          Files.deleteIfExists(path);
        }
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      sweepUnlocked(folder);
    }
  }

  private static void sweepUnlocked(Path folder) {
    try {
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      try (Stream<Path> below = Files.list(folder)) {
        below
            .filter(path -> Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
            .forEach(LocalExecutor::sweep);
      }
      try (Stream<Path> below = Files.list(folder)) {
        for (Path path : (Iterable<Path>) below::iterator) {
          Files.deleteIfExists(path);
        }
      }
      Files.deleteIfExists(folder);
    } catch (IOException left) {
      // The store's next start sweeps what is left in its scratch folder.
    }
  }
}

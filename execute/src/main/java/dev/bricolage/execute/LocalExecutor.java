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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs actions on this machine, each in a sandbox of its own. */
public final class LocalExecutor implements Executor {
  private final Sandbox sandbox;
  private final Machine machine;
  private final Blobs blobs;
  private final Path scratch;

  /**
   * An executor.
   *
   * @param scratch a folder on the store's file system, for the workspaces of runs
   */
  public LocalExecutor(Sandbox sandbox, Machine machine, Blobs blobs, Path scratch) {
    this.sandbox = sandbox;
    this.machine = machine;
    this.blobs = blobs;
    this.scratch = scratch;
  }

  @Override
  public Execution execute(Action action, Console console, Control control)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, "run-");
    try (Transcript transcript = new Transcript(folder, console)) {
      Machine.Stage stage =
          new Machine.Stage(made(folder, "lower"), made(folder, "upper"), made(folder, "work"));
      new Staging(blobs).lay(action.inputs(), stage.lower());
      Instant start = Instant.now();
      long began = System.nanoTime();
      Running running = sandbox.run(machine.plan(action, stage), transcript);
      control.started(running::signal);
      AtomicBoolean late = new AtomicBoolean();
      Ended ended = await(running, action, late);
      Duration duration = Duration.ofNanos(System.nanoTime() - began);
      Execution.Ending ending = ending(ended, action, late.get());
      Changes changes = Changes.collect(action.inputs(), stage.upper(), blobs);
      return execution(action, ended, ending, changes, transcript, start, duration);
    } finally {
      Thread.ofVirtual().name("sweep").start(() -> sweep(folder));
    }
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
            .start(
                () -> {
                  try {
                    Thread.sleep(limit);
                    late.set(true);
                    running.kill();
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
      case Ended.Exit.Exited exited -> new Execution.Ending.Exited(exited.code());
      case Ended.Exit.Killed killed when late ->
          new Execution.Ending.TimedOut(action.timeout().orElseThrow());
      case Ended.Exit.Killed killed -> new Execution.Ending.Killed(killed.signal());
      case Ended.Exit.Refused refused -> throw new SandboxRefused(refused.message());
    };
  }

  private Execution execution(
      Action action,
      Ended ended,
      Execution.Ending ending,
      Changes changes,
      Transcript transcript,
      Instant start,
      Duration duration)
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
        ended.counters(),
        ended.unobserved());
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
    kept.removeIf(fact -> fact.kind() == PathFact.Kind.STAT && kinds.get(fact.path()) > 1);
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

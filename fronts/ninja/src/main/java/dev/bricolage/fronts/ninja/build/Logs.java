package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.act.Due;
import dev.bricolage.fronts.ninja.log.BuildLog;
import dev.bricolage.fronts.ninja.log.CommandHash;
import dev.bricolage.fronts.ninja.log.DepsLog;
import dev.bricolage.fronts.ninja.log.LogPlaces;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.CannotWrite;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What plain ninja reads to know what was done: {@code .ninja_log} and {@code .ninja_deps}. We only
 * write them, after the build, but for acts, of which nothing better is known.
 */
final class Logs {
  /** Builds of one folder may end at once. */
  private static final Object ENTERING = new Object();

  private final BuildFolder folder;
  private final Needs needs;
  private final Manifest manifest;

  Logs(BuildFolder folder, Needs needs) {
    this.folder = folder;
    this.needs = needs;
    this.manifest = needs.manifest();
  }

  /** What lies at their places. */
  List<Stat> places() throws NinjaError, IOException {
    LogPlaces places = logPlaces();
    return List.of(Stat.of(places.buildLog()), Stat.of(places.depsLog()));
  }

  /** Whether the same files lie there that lay there once. */
  boolean lieAs(List<Stat> then) throws NinjaError, IOException {
    List<Stat> now = places();
    return then.size() == now.size()
        && IntStream.range(0, now.size()).allMatch(i -> now.get(i).sameContent(then.get(i)));
  }

  /** Enters these edges. */
  void enter(List<Ended> edges) throws NinjaError, IOException {
    synchronized (ENTERING) {
      enterAlone(edges);
    }
  }

  private void enterAlone(List<Ended> edges) throws NinjaError, IOException {
    LogPlaces places = logPlaces();
    Files.createDirectories(places.folder());
    BuildLog log = places.readBuildLog();
    DepsLog deps = places.readDepsLog();
    boolean changed = false;
    for (Ended ended : edges) {
      changed |= enter(ended, log, deps);
    }
    if (changed) {
      write(places, log, deps);
    }
  }

  private static void write(LogPlaces places, BuildLog log, DepsLog deps) throws IOException {
    try {
      places.write(log, output -> true);
      places.write(deps, output -> true);
    } catch (FileSystemException e) {
      throw cannotWrite(places.buildLog(), Objects.requireNonNullElse(e.getReason(), e.toString()));
    } catch (IOException e) {
      throw cannotWrite(places.buildLog(), Objects.requireNonNullElse(e.getMessage(), "?"));
    }
  }

  private static CannotWrite cannotWrite(Path file, String reason) {
    String wayOut = reason.contains("No space") ? "free some space" : "make it writable";
    return new CannotWrite(
        "cannot write %s: %s; %s and run again: what was built is there, but ninja does not know of it"
            .formatted(file, reason, wayOut));
  }

  /**
   * What acts have to do, as things are now.
   *
   * @param acted whether an edge was carried out as an act in this build
   */
  Due due(IntPredicate acted) throws NinjaError, IOException {
    return new Due(manifest, folder.folder(), logPlaces(), acted);
  }

  private LogPlaces logPlaces() throws NinjaError {
    return new LogPlaces(folder.onDisk(manifest.variable("builddir")));
  }

  private boolean enter(Ended ended, BuildLog log, DepsLog deps) throws NinjaError, IOException {
    Edge edge = manifest.edge(ended.edge());
    long hash = CommandHash.of(edge.loggedCommand());
    boolean changed = false;
    for (int output : needs.outputs(edge.id())) {
      String name = needs.path(output);
      Stat stat = Stat.following(folder.onDisk(name));
      long mtime = stat.exists() ? stat.mtime() : 0;
      boolean known =
          log.get(name).filter(e -> e.mtime() == mtime && e.commandHash() == hash).isPresent();
      if (!known) {
        log.put(name, new BuildLog.Entry(ended.startMillis(), ended.endMillis(), mtime, hash));
        changed = true;
      }
      if (!edge.binding("deps").isEmpty()) {
        DepsLog.Deps now = new DepsLog.Deps(mtime, ended.dependencies());
        if (!deps.get(name).filter(now::equals).isPresent()) {
          deps.put(name, now);
          changed = true;
        }
      }
    }
    return changed;
  }
}

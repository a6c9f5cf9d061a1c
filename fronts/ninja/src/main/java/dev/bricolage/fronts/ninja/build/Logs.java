package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.log.BuildLog;
import dev.bricolage.fronts.ninja.log.CommandHash;
import dev.bricolage.fronts.ninja.log.DepsLog;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What plain ninja reads to know what was done: {@code .ninja_log} and {@code .ninja_deps}. We only
 * write them. They are written whole beside their place and renamed, after the build.
 */
final class Logs {
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
    Path place = folder.onDisk(manifest.variable("builddir"));
    return List.of(Stat.of(place.resolve(".ninja_log")), Stat.of(place.resolve(".ninja_deps")));
  }

  /** Whether the same files lie there that lay there once. */
  boolean lieAs(List<Stat> then) throws NinjaError, IOException {
    List<Stat> now = places();
    return then.size() == now.size()
        && IntStream.range(0, now.size()).allMatch(i -> now.get(i).sameContent(then.get(i)));
  }

  /** Enters these edges. */
  void enter(List<Ended> edges) throws NinjaError, IOException {
    Path place = folder.onDisk(manifest.variable("builddir"));
    Files.createDirectories(place);
    Path logFile = place.resolve(".ninja_log");
    Path depsFile = place.resolve(".ninja_deps");
    BuildLog log =
        Files.exists(logFile) ? BuildLog.read(Files.readAllBytes(logFile)) : new BuildLog();
    DepsLog deps =
        Files.exists(depsFile) ? DepsLog.read(Files.readAllBytes(depsFile)) : new DepsLog();
    boolean changed = false;
    for (Ended ended : edges) {
      changed |= enter(ended, log, deps);
    }
    if (changed) {
      write(logFile, log.toBytes(output -> true));
      write(depsFile, deps.toBytes(output -> true));
    }
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

  private static void write(Path file, byte[] content) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".bric");
    Files.write(whole, content);
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}

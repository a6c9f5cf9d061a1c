package dev.bricolage.fronts.ninja.act;

import dev.bricolage.fronts.ninja.deps.Depfile;
import dev.bricolage.fronts.ninja.log.BuildLog;
import dev.bricolage.fronts.ninja.log.CommandHash;
import dev.bricolage.fronts.ninja.log.DepsLog;
import dev.bricolage.fronts.ninja.log.LogPlaces;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Whether an act has anything to do, by ninja's own rules: what an act does is not known, so there
 * is nothing better to go by than times, and the command that the log has.
 */
public final class Due {
  /** Newer than anything: what is not there, or was done just now. */
  private static final long ALWAYS = Long.MAX_VALUE;

  private final Manifest manifest;
  private final Path folder;
  private final LogPlaces logs;
  private final IntPredicate acted;

  /**
   * What it goes by.
   *
   * @param logs read only for acts that need them: they are long
   * @param folder where the manifest's paths begin
   * @param acted whether an edge was carried out as an act just now
   */
  public Due(Manifest manifest, Path folder, LogPlaces logs, IntPredicate acted) {
    this.manifest = manifest;
    this.folder = folder;
    this.logs = logs;
    this.acted = acted;
  }

  /** Whether an edge is. */
  public boolean is(Edge edge) throws NinjaError, IOException {
    long newest = Math.max(newestInput(edge), newestDependency(edge));
    if (newest == ALWAYS) {
      return true;
    }
    for (int output : edge.outputs().stream().toArray()) {
      Stat stat = at(manifest.path(output));
      if (!stat.exists() || stat.mtime() < newest) {
        return true;
      }
    }
    return !edge.flag("generator") && hasAnotherCommand(edge);
  }

  private boolean hasAnotherCommand(Edge edge) throws NinjaError, IOException {
    long hash = CommandHash.of(edge.loggedCommand());
    BuildLog log = logs.readBuildLog();
    for (int output : edge.outputs().stream().toArray()) {
      Optional<BuildLog.Entry> entry = log.get(manifest.path(output));
      if (entry.isEmpty() || entry.get().commandHash() != hash) {
        return true;
      }
    }
    return false;
  }

  /** The time of what is newest; a phony edge's name stands for its inputs, if no file has it. */
  private long newestInput(Edge first) throws NinjaError, IOException {
    BitSet seen = new BitSet();
    Deque<Integer> paths = new ArrayDeque<>();
    add(first, seen, paths);
    long newest = 0;
    while (!paths.isEmpty()) {
      int path = paths.remove();
      int producer = manifest.producer(path);
      Stat stat = at(manifest.path(path));
      if (producer != Manifest.NONE && acted.test(producer)) {
        return ALWAYS;
      }
      if (stat.exists()) {
        newest = Math.max(newest, stat.mtime());
      } else if (!standsForOthers(producer)) {
        return ALWAYS;
      } else {
        add(manifest.edge(producer), seen, paths);
      }
    }
    return newest;
  }

  private boolean standsForOthers(int producer) {
    return producer != Manifest.NONE
        && manifest.edge(producer).isPhony()
        && manifest.edge(producer).inputs().size() > 0;
  }

  private static void add(Edge edge, BitSet seen, Deque<Integer> paths) {
    Ints inputs = edge.inputs();
    for (int i = 0; i < inputs.size() - edge.orderOnlyInputs().size(); i++) {
      if (!seen.get(inputs.get(i))) {
        seen.set(inputs.get(i));
        paths.add(inputs.get(i));
      }
    }
  }

  private long newestDependency(Edge edge) throws NinjaError, IOException {
    long newest = 0;
    Optional<Iterable<String>> named = dependencies(edge);
    if (named.isEmpty()) {
      return ALWAYS;
    }
    for (String name : named.get()) {
      Stat stat = at(name);
      newest = stat.exists() ? Math.max(newest, stat.mtime()) : ALWAYS;
      if (newest == ALWAYS) {
        return ALWAYS;
      }
    }
    return newest;
  }

  /** What its depfile named the last time; empty if it was to name something and has not. */
  private Optional<Iterable<String>> dependencies(Edge edge) throws NinjaError, IOException {
    if (!edge.binding("deps").isEmpty()) {
      return logs.readDepsLog().get(manifest.path(edge.outputs().get(0))).map(DepsLog.Deps::inputs);
    }
    String depfile = edge.depfile();
    if (depfile.isEmpty()) {
      return Optional.of(List.of());
    }
    Path file = folder.resolve(depfile);
    return Files.exists(file)
        ? Optional.of(Depfile.parse(Files.readAllBytes(file)).inputs())
        : Optional.empty();
  }

  private Stat at(String path) throws IOException {
    return Stat.following(folder.resolve(path));
  }
}

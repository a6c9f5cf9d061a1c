package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Command;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.Toolset;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.Products;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the manifest itself again when what it was made of is newer. A generator goes on from what
 * it left the last time (caches, the answers to its checks), so it is no function of the sources:
 * it sees the folder as it is, runs whenever a time says so, as with ninja, and is never
 * remembered. What it makes are sources of the build.
 */
final class Regeneration {
  private final Build build;
  private final Products products;
  private final Snapshot visible;
  private final Teller teller;
  private final Map<Integer, Boolean> known = new HashMap<>();

  /** All that is visible in the workspace at this moment. */
  @FunctionalInterface
  interface Snapshot {
    Tree take() throws NinjaError, IOException;
  }

  Regeneration(Build build, Products products, Snapshot visible, Teller teller) {
    this.build = build;
    this.products = products;
    this.visible = visible;
    this.teller = teller;
  }

  /** How it came out. */
  enum Result {
    UP_TO_DATE,
    RAN,
    FAILED
  }

  /** Makes an edge's outputs again, and before them what it needs, where they are older. */
  Result refresh(int edge) throws NinjaError, IOException, InterruptedException {
    boolean ran = false;
    for (int needed : build.needs().below(edge)) {
      Result result = once(needed);
      if (result == Result.FAILED) {
        return result;
      }
      ran |= result == Result.RAN;
    }
    Result last = once(edge);
    return last == Result.UP_TO_DATE && ran ? Result.RAN : last;
  }

  private Result once(int number) throws NinjaError, IOException, InterruptedException {
    Edge edge = build.needs().manifest().edge(number);
    boolean stale = isStale(edge);
    known.put(number, edge.isPhony() && stale);
    return edge.isPhony() || !stale ? Result.UP_TO_DATE : run(edge);
  }

  /** By times, and for names that stand for nothing: those are never up to date. */
  private boolean isStale(Edge edge) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    int orderOnly = edge.inputs().size() - edge.orderOnlyInputs().size();
    for (int i = 0; i < orderOnly; i++) {
      int input = edge.inputs().get(i);
      if (known.getOrDefault(build.needs().producer(input), false)) {
        return true;
      }
      FileTime time = time(input).orElse(newest);
      newest = time.compareTo(newest) > 0 ? time : newest;
    }
    if (edge.isPhony()) {
      return edge.inputs().isEmpty() && time(edge.outputs().get(0)).isEmpty();
    }
    for (int output : edge.outputs().stream().toArray()) {
      Optional<FileTime> time = time(output);
      if (time.isEmpty() || time.get().compareTo(newest) < 0) {
        return true;
      }
    }
    return false;
  }

  private Optional<FileTime> time(int path) throws IOException {
    Path file = build.folder().onDisk(build.needs().path(path));
    return Files.exists(file) ? Optional.of(Files.getLastModifiedTime(file)) : Optional.empty();
  }

  private Result run(Edge edge) throws NinjaError, IOException, InterruptedException {
    Tree seen = visible.take();
    Command command = EdgeRun.command(build, edge);
    Runs.Ask ask =
        new Runs.Ask(
            command,
            new EdgeView(seen, Tree.EMPTY, List.of()).facts(build.folder().mount()),
            () -> seen,
            Optional.empty(),
            true,
            Toolset.NONE);
    int began = build.elapsedMillis();
    Control control = new Control(Thread.currentThread()::interrupt);
    Runs.Answered answered = build.runs().ask(ask, new Silence(), control);
    Outcome outcome = answered.outcome();
    teller.expect(1);
    teller.ended(edge, EdgeRun.ran(build, edge, outcome, began), 0);
    if (outcome.exitCode() != 0) {
      return Result.FAILED;
    }
    home(outcome, seen);
    for (int output : edge.outputs().stream().toArray()) {
      Path file = build.folder().onDisk(build.needs().path(output));
      if (Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      }
    }
    return Result.RAN;
  }

  private void home(Outcome outcome, Tree seen) throws IOException {
    SortedMap<TreePath, Entry> changes = new TreeMap<>(outcome.changes());
    changes.keySet().removeIf(path -> Sources.LOGS.contains(path.name()));
    Set<TreePath> rewritten = new HashSet<>(outcome.rewritten());
    rewritten.retainAll(changes.keySet());
    build
        .writeBack(Optional.of(seen))
        .apply(
            new Outcome(
                0,
                changes,
                rewritten,
                outcome.deleted(),
                outcome.stdout(),
                outcome.stderr(),
                outcome.console()));
    Map<TreePath, Optional<Entry>> sources = new TreeMap<>();
    changes.keySet().forEach(path -> sources.put(path, Optional.empty()));
    products.record(build.folder().workspace().id(), sources);
  }
}

package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.log.BuildLog;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Removes what was built: {@code -t clean} and {@code -t cleandead}. What dyndep files name is
 * known as far as the files are there. One cleans once.
 */
final class Cleaning {
  private final Manifest manifest;
  private final Bench bench;
  private final DyndepsAtHand found;
  private final Set<String> tried = new HashSet<>();
  private final boolean loud;
  private int removed;
  private int status;

  Cleaning(Manifest manifest, Bench bench) throws IOException {
    this.manifest = manifest;
    this.bench = bench;
    this.loud = bench.verbose() || bench.dryRun();
    this.found = new DyndepsAtHand(manifest, bench);
  }

  /**
   * Everything that edges make.
   *
   * @param generators whether also what generators make
   */
  int all(boolean generators) throws NinjaError {
    begin();
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      if (!edge.isPhony() && (generators || !edge.flag("generator"))) {
        outputs(edge);
        besides(edge);
      }
    }
    return end();
  }

  /** What these targets are made of, and they themselves. */
  int targets(List<String> words) throws NinjaError {
    begin();
    Set<String> seen = new HashSet<>();
    for (String word : words) {
      if (word.isEmpty()) {
        complain("failed to canonicalize '': empty path");
        continue;
      }
      String name = Manifest.canonical(word);
      if (manifest.findPath(name) == Manifest.NONE) {
        complain("unknown target '" + name + "'");
        continue;
      }
      tell("Target " + name);
      below(name, seen);
    }
    return end();
  }

  /** What these rules make. */
  int rules(List<String> names) throws NinjaError {
    begin();
    for (String name : names) {
      if (!manifest.ruleNames().contains(name)) {
        complain("unknown rule '" + name + "'");
        continue;
      }
      tell("Rule " + name);
      for (int i = 0; i < manifest.edgeCount(); i++) {
        Edge edge = manifest.edge(i);
        if (edge.ruleName().equals(name)) {
          outputs(edge);
          besides(edge);
        }
      }
    }
    return end();
  }

  /** What was built once and is not in the manifest any more. */
  int dead(Map<String, BuildLog.Entry> log) {
    begin();
    Set<String> alive = new HashSet<>();
    found
        .all()
        .forEach(dyndep -> {
          alive.addAll(dyndep.implicitOutputs());
          alive.addAll(dyndep.implicitInputs());
        });
    for (String output : log.keySet()) {
      int path = manifest.findPath(output);
      boolean known =
          path != Manifest.NONE
              && (manifest.producer(path) != Manifest.NONE || !manifest.consumers(path).isEmpty());
      if (!known && !alive.contains(output)) {
        remove(output);
      }
    }
    return end();
  }

  private void below(String target, Set<String> seen) throws NinjaError {
    Deque<String> stack = new ArrayDeque<>(List.of(target));
    while (!stack.isEmpty()) {
      String name = stack.pop();
      int path = manifest.findPath(name);
      if (!seen.add(name) || path == Manifest.NONE || manifest.producer(path) == Manifest.NONE) {
        continue;
      }
      Edge edge = manifest.edge(manifest.producer(path));
      if (!edge.isPhony()) {
        remove(name);
        besides(edge);
      }
      List<String> inputs = new ArrayList<>(manifest.paths(edge.inputs()));
      found.of(edge.id()).ifPresent(dyndep -> inputs.addAll(dyndep.implicitInputs()));
      inputs.reversed().forEach(stack::push);
    }
  }

  private void outputs(Edge edge) {
    manifest.paths(edge.outputs()).forEach(this::remove);
    found.of(edge.id()).ifPresent(dyndep -> dyndep.implicitOutputs().forEach(this::remove));
  }

  private void besides(Edge edge) throws NinjaError {
    for (String file : List.of(edge.depfile(), edge.rspfile())) {
      if (!file.isEmpty()) {
        remove(file);
      }
    }
  }

  private void remove(String name) {
    if (!tried.add(name)) {
      return;
    }
    try {
      boolean was =
          bench.dryRun()
              ? Files.exists(bench.file(name), LinkOption.NOFOLLOW_LINKS)
              : Files.deleteIfExists(bench.file(name));
      if (was) {
        removed++;
        tell("Remove " + name);
      }
    } catch (IOException e) {
      complain("remove(" + name + "): " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case DirectoryNotEmptyException full -> "Directory not empty";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other -> Objects.requireNonNullElse(other.getReason(), "failed");
      default -> e.toString();
    };
  }

  private void begin() {
    bench.print(loud ? "Cleaning...\n" : "Cleaning... ");
  }

  private int end() {
    bench.line(removed + " files.");
    return status;
  }

  private void tell(String what) {
    if (loud) {
      bench.line(what);
    }
  }

  private void complain(String what) {
    bench.error(what);
    status = 1;
  }
}

package dev.bricolage.fronts.ninja.act;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which edges of a manifest are acts for the user's sake: those in the pool {@code console}, and
 * those that call ninja ({@code ninja -t clean}), if no other edge's command can need them. What
 * only phony edges and other acts rest on is such; what a compiler may read is not, and stays an
 * edge like any other.
 */
public final class ActEdges {
  private static final Set<String> NINJAS = Set.of("ninja", "ninja-build", "bric-ninja");

  private final Manifest manifest;
  private final Map<Integer, Boolean> ninjaRules = new ConcurrentHashMap<>();
  private final Map<Integer, Boolean> known = new ConcurrentHashMap<>();

  /** Of this manifest. */
  public ActEdges(Manifest manifest) {
    this.manifest = manifest;
  }

  /** Whether an edge is one. Generators are acts of their own kind, and are not meant here. */
  public boolean contains(Edge edge) throws NinjaError {
    if (!canBe(edge)) {
      return false;
    }
    Boolean answer = known.get(edge.id());
    if (answer == null) {
      answer = isForItself(edge);
      known.put(edge.id(), answer);
    }
    return answer;
  }

  private boolean canBe(Edge edge) throws NinjaError {
    return !edge.isPhony()
        && (edge.pool().isConsole()
            || ninjaRules.computeIfAbsent(edge.rule(), rule -> callsNinja(edge.commandStart())))
        && !edge.flag("generator");
  }

  /** By the last name of its first word, which may be quoted. */
  static boolean callsNinja(String command) {
    if (command.isEmpty()) {
      return false;
    }
    boolean quoted = command.charAt(0) == '"' || command.charAt(0) == '\'';
    int start = quoted ? 1 : 0;
    int end = command.indexOf(quoted ? command.charAt(0) : ' ', start);
    String word = end < 0 ? "" : command.substring(start, end);
    return NINJAS.contains(word.substring(word.lastIndexOf('/') + 1));
  }

  private boolean isForItself(Edge first) throws NinjaError {
    BitSet seen = new BitSet();
    Deque<Edge> edges = new ArrayDeque<>();
    edges.add(first);
    while (!edges.isEmpty()) {
      for (int output : edges.remove().outputs().stream().toArray()) {
        for (int number : manifest.consumers(output).stream().toArray()) {
          Edge consumer = manifest.edge(number);
          if (!consumer.isPhony() && !canBe(consumer) && !consumer.flag("generator")) {
            return false;
          }
          if (!seen.get(number)) {
            seen.set(number);
            edges.add(consumer);
          }
        }
      }
    }
    return true;
  }
}

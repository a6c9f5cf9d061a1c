package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.deps.Dyndep;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which edge needs which: what the manifest says, and what is learnt while building. A path that
 * the manifest does not know gets a number from {@link Manifest#pathCount} on. One thread teaches,
 * any may ask.
 */
final class Needs {
  private final Manifest manifest;
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final Map<Integer, String> names = new ConcurrentHashMap<>();
  private final Map<Integer, List<Integer>> moreInputs = new ConcurrentHashMap<>();
  private final Map<Integer, List<Integer>> moreOutputs = new ConcurrentHashMap<>();
  private final Map<Integer, List<Integer>> found = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> makers = new ConcurrentHashMap<>();

  Needs(Manifest manifest) {
    this.manifest = manifest;
  }

  Manifest manifest() {
    return manifest;
  }

  /** A path's name. */
  String path(int number) {
    return number < manifest.pathCount()
        ? manifest.path(number)
        : names.getOrDefault(number, "path " + number);
  }

  /** All inputs of an edge. */
  int[] inputs(int edge) {
    return joined(
        manifest.edge(edge).inputs(),
        both(moreInputs.getOrDefault(edge, List.of()), found.getOrDefault(edge, List.of())));
  }

  /** The inputs that were said to be a reason to make it again. */
  int[] saidInputs(int edge) {
    Edge what = manifest.edge(edge);
    int said = what.inputs().size() - what.orderOnlyInputs().size();
    return joined(
        Ints.of(what.inputs().stream().limit(said).toArray()),
        moreInputs.getOrDefault(edge, List.of()));
  }

  /** Whether edges may come to need more by what is made. */
  boolean hasDyndeps() {
    return !manifest.dyndepEdges().isEmpty();
  }

  /** Whether a path is only the name of others. */
  boolean isPhony(int path) {
    int producer = producer(path);
    return producer != Manifest.NONE && manifest.edge(producer).isPhony();
  }

  /** All outputs of an edge. */
  int[] outputs(int edge) {
    return joined(manifest.edge(edge).outputs(), moreOutputs.getOrDefault(edge, List.of()));
  }

  private static int[] joined(Ints said, List<Integer> learnt) {
    return IntStream.concat(said.stream(), learnt.stream().mapToInt(path -> path)).toArray();
  }

  /** The edge that makes a path, or {@link Manifest#NONE}. */
  int producer(int path) {
    int said = path < manifest.pathCount() ? manifest.producer(path) : Manifest.NONE;
    return said == Manifest.NONE ? makers.getOrDefault(path, Manifest.NONE) : said;
  }

  /** The edges it needs at once. */
  IntStream producers(int edge) {
    return IntStream.of(inputs(edge))
        .map(this::producer)
        .filter(producer -> producer != Manifest.NONE)
        .distinct();
  }

  /** The edges it needs, directly or not, each after those that it needs itself. */
  List<Integer> below(int edge) {
    List<Integer> order = new ArrayList<>();
    BitSet seen = new BitSet();
    Deque<Step> stack = new ArrayDeque<>();
    stack.push(new Step(edge, producers(edge).toArray()));
    while (!stack.isEmpty()) {
      Step at = stack.element();
      if (at.next == at.producers.length) {
        order.add(stack.pop().edge);
        continue;
      }
      int producer = at.producers[at.next++];
      if (producer != edge && !seen.get(producer)) {
        seen.set(producer);
        stack.push(new Step(producer, producers(producer).toArray()));
      }
    }
    order.removeLast();
    return order;
  }

  /** An edge on the way; on a stack of our own, as chains may be long. */
  private static final class Step {
    private final int edge;
    private final int[] producers;
    private int next;

    Step(int edge, int[] producers) {
      this.edge = edge;
      this.producers = producers;
    }
  }

  /** A dyndep file says that the edge needs this path. */
  void learnInput(int edge, int path) throws NinjaError {
    checkCycle(edge, path);
    moreInputs.merge(edge, List.of(path), Needs::both);
  }

  /**
   * The edge has looked for this path, which nobody said it would.
   *
   * @return whether it needs it now; not if that would lead in a circle
   */
  boolean find(int edge, int path) {
    if (leadsInCircle(edge, path)) {
      return false;
    }
    found.merge(edge, List.of(path), Needs::both);
    return true;
  }

  private boolean leadsInCircle(int edge, int path) {
    int producer = producer(path);
    return producer == edge || (producer != Manifest.NONE && below(producer).contains(edge));
  }

  /** What an edge looked for in an earlier build is no need of it any more. */
  void forgetFound(int edge) {
    found.remove(edge);
  }

  /** What an edge has looked for that nobody said it would. */
  List<Integer> found(int edge) {
    return found.getOrDefault(edge, List.of());
  }

  private void checkCycle(int edge, int path) throws NinjaError {
    int producer = producer(path);
    if (producer == edge || (producer != Manifest.NONE && below(producer).contains(edge))) {
      String name = path(outputs(edge)[0]);
      throw NinjaError.error("dependency cycle: " + name + " -> " + path(path) + " -> " + name);
    }
  }

  /** What a dyndep file says of an edge. */
  void learn(int edge, Dyndep more) throws NinjaError {
    for (String output : more.implicitOutputs()) {
      int path = number(output);
      moreOutputs.merge(edge, List.of(path), Needs::both);
      makers.put(path, edge);
    }
  }

  /** Takes in the inputs that a dyndep file names; whoever calls looks for cycles. */
  void addInputs(int edge, Dyndep more) {
    for (String input : more.implicitInputs()) {
      moreInputs.merge(edge, List.of(number(input)), Needs::both);
    }
  }

  /** The number of a canonical path, which may be new. */
  int number(String name) {
    int known = manifest.findPath(name);
    if (known != Manifest.NONE) {
      return known;
    }
    int number = numbers.computeIfAbsent(name, n -> manifest.pathCount() + numbers.size());
    names.put(number, name);
    return number;
  }

  private static List<Integer> both(List<Integer> some, List<Integer> more) {
    return some.isEmpty() || more.isEmpty()
        ? (some.isEmpty() ? more : some)
        : Stream.concat(some.stream(), more.stream()).toList();
  }
}

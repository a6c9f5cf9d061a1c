package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The edges that targets need, each after those it needs itself; more may come to be needed. */
final class Plan {
  private final Needs needs;
  private final Predicate<String> exists;
  private final Dyndeps dyndeps;
  private final BitSet done = new BitSet();
  private final BitSet underWay = new BitSet();
  private final List<Integer> order = new ArrayList<>();

  /**
   * Nothing is needed yet.
   *
   * @param exists whether a path that no edge makes is there
   * @param dyndeps those that are sources are read when an edge is met that has one
   */
  Plan(Needs needs, Predicate<String> exists, Dyndeps dyndeps) {
    this.needs = needs;
    this.exists = exists;
    this.dyndeps = dyndeps;
  }

  Dyndeps dyndeps() {
    return dyndeps;
  }

  /** An edge whose inputs are being walked; on a stack of our own, as chains may be long. */
  private static final class Step {
    private final int edge;
    private final int by; // the path that is needed of it
    private final int[] inputs;
    private int next;

    Step(int edge, int by, int[] inputs) {
      this.edge = edge;
      this.by = by;
      this.inputs = inputs;
    }
  }

  /**
   * A path is needed.
   *
   * @return the edges that are needed now and were not before, in an order in which they could be
   *     run one by one
   * @throws NinjaError for a cycle, and for a source that is missing
   */
  List<Integer> need(int target) throws NinjaError, IOException {
    return need(target, Manifest.NONE);
  }

  /** The same for a path that turned out to be needed by an edge. */
  List<Integer> need(int target, int neededBy) throws NinjaError, IOException {
    int known = order.size();
    Deque<Integer> wanted = new ArrayDeque<>(List.of(target));
    while (!wanted.isEmpty()) {
      int path = wanted.remove();
      int edge = needs.producer(path);
      if (edge == Manifest.NONE) {
        checkSource(path, path == target ? neededBy : Manifest.NONE);
      } else {
        walk(edge, path, wanted);
      }
    }
    return List.copyOf(order.subList(known, order.size()));
  }

  /** All edges that came to be needed so far, each after those it was known to need itself. */
  Ints edges() {
    return Ints.of(order.stream().mapToInt(edge -> edge).toArray());
  }

  private void walk(int first, int by, Deque<Integer> validations) throws NinjaError, IOException {
    Deque<Step> stack = new ArrayDeque<>();
    enter(first, by, stack, validations);
    while (!stack.isEmpty()) {
      Step step = stack.element();
      if (step.next == step.inputs.length) {
        stack.pop();
        underWay.clear(step.edge);
        done.set(step.edge);
        order.add(step.edge);
        continue;
      }
      int input = step.inputs[step.next++];
      int producer = needs.producer(input);
      if (producer == Manifest.NONE) {
        checkSource(input, step.edge);
      } else if (underWay.get(producer)) {
        throw cycle(stack, producer, input);
      } else {
        enter(producer, input, stack, validations);
      }
    }
  }

  private void enter(int edge, int by, Deque<Step> stack, Deque<Integer> validations)
      throws NinjaError, IOException {
    if (done.get(edge) || underWay.get(edge)) {
      return;
    }
    underWay.set(edge);
    dyndeps.learnSource(edge);
    needs.manifest().edge(edge).validations().stream().forEach(validations::add);
    stack.push(new Step(edge, by, needs.inputs(edge)));
  }

  private void checkSource(int path, int neededBy) throws NinjaError {
    String name = needs.path(path);
    if (exists.test(name)) {
      return;
    }
    if (neededBy == Manifest.NONE) {
      throw NinjaError.error("'" + name + "' missing and no known rule to make it");
    }
    if (needs.manifest().edge(neededBy).isPhony()) {
      return; // the name of a group may name what is not there
    }
    throw NinjaError.error(
        "'%s', needed by '%s', missing and no known rule to make it"
            .formatted(name, needs.path(needs.outputs(neededBy)[0])));
  }

  private NinjaError cycle(Deque<Step> stack, int producer, int input) {
    List<String> names = new ArrayList<>();
    for (Step step : stack.reversed()) {
      if (step.edge == producer || !names.isEmpty()) {
        names.add(needs.path(names.isEmpty() ? input : step.by));
      }
    }
    names.add(needs.path(input));
    return NinjaError.error("dependency cycle: " + String.join(" -> ", names));
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The edges that targets need, each after those it needs itself. */
public final class Plan {
  private final Manifest manifest;
  private final Predicate<String> exists;
  private final BitSet done = new BitSet();
  private final BitSet underWay = new BitSet();
  private final List<Integer> order = new ArrayList<>();

  private Plan(Manifest manifest, Predicate<String> exists) {
    this.manifest = manifest;
    this.exists = exists;
  }

  /**
   * The edges in an order in which they could be run one by one.
   *
   * @param exists whether a path that no edge makes is there
   * @throws NinjaError for a cycle, and for a source that is missing
   */
  public static List<Integer> of(Manifest manifest, Ints targets, Predicate<String> exists)
      throws NinjaError {
    Plan plan = new Plan(manifest, exists);
    for (int i = 0; i < targets.size(); i++) {
      plan.need(targets.get(i));
    }
    return List.copyOf(plan.order);
  }

  /** An edge whose inputs are being walked; on a stack of our own, as chains may be long. */
  private static final class Step {
    private final int edge;
    private final int by; // the path that is needed of it
    private final Ints inputs;
    private int next;

    Step(Edge edge, int by) {
      this.edge = edge.id();
      this.by = by;
      this.inputs = edge.inputs();
    }
  }

  private void need(int target) throws NinjaError {
    Deque<Integer> validations = new ArrayDeque<>(List.of(target));
    while (!validations.isEmpty()) {
      int path = validations.poll();
      int edge = manifest.producer(path);
      if (edge == Manifest.NONE) {
        checkSource(path, Manifest.NONE);
      } else {
        walk(edge, path, validations);
      }
    }
  }

  private void walk(int first, int by, Deque<Integer> validations) throws NinjaError {
    Deque<Step> stack = new ArrayDeque<>();
    enter(first, by, stack, validations);
    while (!stack.isEmpty()) {
      Step step = stack.peek();
      if (step.next == step.inputs.size()) {
        stack.pop();
        underWay.clear(step.edge);
        done.set(step.edge);
        order.add(step.edge);
        continue;
      }
      int input = step.inputs.get(step.next++);
      int producer = manifest.producer(input);
      if (producer == Manifest.NONE) {
        checkSource(input, step.edge);
      } else if (underWay.get(producer)) {
        throw cycle(stack, producer, input);
      } else {
        enter(producer, input, stack, validations);
      }
    }
  }

  private void enter(int edge, int by, Deque<Step> stack, Deque<Integer> validations) {
    if (done.get(edge) || underWay.get(edge)) {
      return;
    }
    underWay.set(edge);
    Edge entered = manifest.edge(edge);
    entered.validations().stream().forEach(validations::add);
    stack.push(new Step(entered, by));
  }

  private void checkSource(int path, int neededBy) throws NinjaError {
    String name = manifest.path(path);
    if (exists.test(name)) {
      return;
    }
    if (neededBy == Manifest.NONE) {
      throw NinjaError.error("'" + name + "' missing and no known rule to make it");
    }
    Edge edge = manifest.edge(neededBy);
    if (edge.isPhony()) {
      return; // the name of a group may name what is not there
    }
    throw NinjaError.error(
        "'%s', needed by '%s', missing and no known rule to make it"
            .formatted(name, manifest.path(edge.outputs().get(0))));
  }

  private NinjaError cycle(Deque<Step> stack, int producer, int input) {
    List<String> names = new ArrayList<>();
    for (Step step : stack.reversed()) {
      if (step.edge == producer || !names.isEmpty()) {
        names.add(manifest.path(names.isEmpty() ? input : step.by));
      }
    }
    names.add(manifest.path(input));
    return NinjaError.error(
        "dependency cycle: " + names.stream().collect(Collectors.joining(" -> ")));
  }
}

package dev.bricolage.memo.model;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.model.Graph.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A random program and what happens to it, all made from a seed before it is played.
 *
 * @param budget how much the memory may hold; 0: no limit
 * @param slots how many tasks may run at once
 */
record Scenario(long seed, Graph graph, int budget, int slots, List<Turn> turns) {
  private static final int VALUES = 4;

  /** The scenario of this seed, with cells that judge sameness so. */
  static Scenario of(long seed, Cell.Sameness sameness) {
    Random random = new Random(Recipe.mix(seed));
    List<Shape> shapes = List.of(Shape.values());
    Shape shape = shapes.get(random.nextInt(shapes.size()));
    Graph graph = Graph.random(shape, random, sameness);
    int budget = random.nextInt(8) == 0 ? 1 + random.nextInt(8) : 0;
    return new Scenario(
        seed, graph, budget, 1 + random.nextInt(3), new Plot(graph, random).turns());
  }

  Scenario with(List<Turn> other) {
    return new Scenario(seed, graph, budget, slots, List.copyOf(other));
  }

  /** Makes the turns. */
  private record Plot(Graph graph, Random random) {
    List<Turn> turns() {
      List<Turn> turns = new ArrayList<>();
      turns.add(everything());
      // Most scenarios have one asker, where the order of asking is determined too.
      int askers = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
      boolean races = random.nextInt(16) == 0;
      for (int rounds = 2 + random.nextInt(5); rounds > 0; rounds--) {
        turns.add(ask(askers));
        turns.add(between(races));
        if (random.nextInt(4) == 0) {
          turns.add(between(races));
        }
      }
      turns.add(ask(askers));
      return turns;
    }

    private Turn between(boolean races) {
      if (races && random.nextBoolean()) {
        return race();
      }
      return switch (random.nextInt(10)) {
        case 0, 1 -> new Turn.Restart();
        case 2 -> look();
        default -> new Turn.Edit(changes(input -> true));
      };
    }

    private Turn everything() {
      Map<Cell, Optional<Integer>> values = new LinkedHashMap<>();
      for (Cell input : graph.inputs()) {
        if (random.nextInt(8) > 0 || input.durability() == Durability.FIXED) {
          values.put(input, Optional.of(random.nextInt(VALUES)));
        }
      }
      return new Turn.Edit(values);
    }

    /** New values for a few of these that may change; often those that they have. */
    private Map<Cell, Optional<Integer>> changes(Predicate<Cell> which) {
      Map<Cell, Optional<Integer>> values = new LinkedHashMap<>();
      List<Cell> inputs =
          graph.inputs().stream()
              .filter(input -> input.durability() != Durability.FIXED)
              .filter(which)
              .toList();
      if (inputs.isEmpty()) {
        return values;
      }
      for (int i = random.nextInt(3); i >= 0; i--) {
        Cell input = inputs.get(random.nextInt(inputs.size()));
        boolean removed = random.nextInt(10) == 0;
        values.put(input, removed ? Optional.empty() : Optional.of(random.nextInt(VALUES)));
      }
      return values;
    }

    private Turn look() {
      Durability upTo = random.nextBoolean() ? Durability.LOW : Durability.HIGH;
      return new Turn.Look(
          changes(input -> input instanceof Cell.Seen && input.durability().compareTo(upTo) <= 0),
          upTo);
    }

    private Turn.Ask ask(int askers) {
      return new Turn.Ask(cells(), askers);
    }

    private Turn race() {
      List<Turn.Edit> edits = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        // What the view answers changes before anybody can be told: that would be no revision.
        edits.add(new Turn.Edit(changes(input -> input instanceof Cell.Input)));
      }
      return new Turn.Race(cells(), 1 + random.nextInt(3), edits);
    }

    /** Mostly those on top, which ask all others; sometimes an input. */
    private List<Cell> cells() {
      List<Cell> tasks = graph.tasks();
      List<Cell> cells = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int back = random.nextInt(random.nextBoolean() ? Math.min(3, tasks.size()) : tasks.size());
        cells.add(tasks.get(tasks.size() - 1 - back));
      }
      if (random.nextInt(10) == 0) {
        cells.add(graph.inputs().getFirst());
      }
      return cells;
    }
  }
}

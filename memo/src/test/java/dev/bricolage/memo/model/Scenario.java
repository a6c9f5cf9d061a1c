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

  /** The scenario of this seed, with cells for this mutant. */
  static Scenario of(long seed, Mutant mutant) {
    Random random = new Random(Recipe.mix(seed));
    List<Shape> shapes = List.of(Shape.values());
    Shape shape = shapes.get(random.nextInt(shapes.size()));
    Graph graph = Graph.random(shape, random, mutant);
    int budget = random.nextInt(8) == 0 ? 1 + random.nextInt(8) : 0;
    int slots = 1 + random.nextInt(3);
    return new Scenario(seed, graph, budget, slots, new Plot(graph, random).turns());
  }

  Scenario with(List<Turn> other) {
    return new Scenario(seed, graph, budget, slots, List.copyOf(other));
  }

  /** Whether several threads ask. */
  boolean isCrowded() {
    return turns.stream().anyMatch(Scenario::isCrowded);
  }

  private static boolean isCrowded(Turn turn) {
    return switch (turn) {
      case Turn.Ask ask -> ask.askers() > 1;
      case Turn.Race race -> true;
      case Turn.Cancel cancel -> true;
      default -> false;
    };
  }

  /** Makes the turns. */
  private static final class Plot {
    private final Graph graph;
    private final Random random;
    private final int askers;
    private final boolean races;
    private final boolean checkouts;
    private final List<Turn> turns = new ArrayList<>();

    Plot(Graph graph, Random random) {
      this.graph = graph;
      this.random = random;
      // Most scenarios have one asker, where the order of asking is determined too.
      askers = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
      races = random.nextInt(16) == 0;
      checkouts = random.nextInt(8) == 0;
    }

    List<Turn> turns() {
      turns.add(new Turn.Edit(everything()));
      if (checkouts) {
        turns.add(new Turn.Switch());
        turns.add(new Turn.Edit(everything()));
      }
      for (int rounds = 2 + random.nextInt(5); rounds > 0; rounds--) {
        turns.add(new Turn.Ask(cells(), askers));
        for (int i = random.nextInt(3); i >= 0; i--) {
          turns.add(between());
        }
      }
      turns.add(new Turn.Ask(cells(), askers));
      return turns;
    }

    private Turn between() {
      if (races && random.nextBoolean()) {
        return random.nextBoolean() ? race() : new Turn.Cancel(cells(), askers);
      }
      if (checkouts && random.nextInt(3) == 0) {
        return new Turn.Switch();
      }
      return switch (random.nextInt(16)) {
        case 0, 1 -> new Turn.Restart(Map.of());
        case 2 -> new Turn.Restart(everything());
        case 3, 4 -> look();
        case 5 -> new Turn.Recall(cell());
        case 6 -> new Turn.Fresh(cell());
        default -> new Turn.Edit(changes(input -> true));
      };
    }

    /** Even those that never change within a process: this is before one begins to ask. */
    private Map<Cell, Optional<Integer>> everything() {
      Map<Cell, Optional<Integer>> values = new LinkedHashMap<>();
      for (Cell input : graph.inputs()) {
        boolean set = random.nextInt(8) > 0;
        values.put(input, set ? Optional.of(random.nextInt(VALUES)) : Optional.empty());
      }
      return values;
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

    private Turn race() {
      List<Turn.Edit> edits = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        // What the view answers changes before anybody can be told: that would be no revision.
        edits.add(new Turn.Edit(changes(input -> input instanceof Cell.Input)));
      }
      return new Turn.Race(cells(), 1 + random.nextInt(3), edits);
    }

    private List<Cell> cells() {
      List<Cell> cells = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        cells.add(cell());
      }
      return cells;
    }

    /** Mostly one on top, which asks all others; sometimes an input. */
    private Cell cell() {
      List<Cell> tasks = graph.tasks();
      if (random.nextInt(30) == 0) {
        return graph.inputs().getFirst();
      }
      int back = random.nextInt(random.nextBoolean() ? Math.min(3, tasks.size()) : tasks.size());
      return tasks.get(tasks.size() - 1 - back);
    }
  }
}

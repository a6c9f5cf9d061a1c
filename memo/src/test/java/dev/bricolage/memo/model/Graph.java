package dev.bricolage.memo.model;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.model.Cell.Input;
import dev.bricolage.memo.model.Cell.Kept;
import dev.bricolage.memo.model.Cell.Plain;
import dev.bricolage.memo.model.Cell.Sameness;
import dev.bricolage.memo.model.Cell.Seen;
import dev.bricolage.memo.model.Cell.Traits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A random program: cells and their recipes, as the engine runs it.
 *
 * @param inputs those without a recipe
 * @param recipes of all others, each after those it may ask, except in a cyclic graph
 */
record Graph(Shape shape, List<Cell> inputs, Map<Cell, Recipe> recipes) implements Tasks, Kinds {

  /** How tasks lie above each other. */
  enum Shape {
    RANDOM,
    LAYERED,
    DIAMOND,
    WIDE,
    DEEP,
    CYCLIC
  }

  /** What tasks throw. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String text) {
      super(text, null, false, false);
    }
  }

  /** A graph of this shape; the same numbers give the same graph. */
  static Graph random(Shape shape, Random random, Mutant mutant) {
    return new Growth(shape, random, mutant).graph();
  }

  List<Cell> tasks() {
    return List.copyOf(recipes.keySet());
  }

  /** Whether this value of this cell is not to be remembered. */
  boolean forgets(Cell cell, int value) {
    Recipe recipe = recipes.get(cell);
    return recipe != null && recipe.forgets(value);
  }

  @Override
  @SuppressWarnings("unchecked") // all values are numbers
  public <V> Optional<Task<V>> of(Key<V> key) {
    return Optional.ofNullable(recipes.get(key)).map(recipe -> fetch -> (V) run(recipe, fetch));
  }

  @Override
  public Optional<Key<?>> key(Question question) {
    return Stream.concat(inputs.stream(), recipes.keySet().stream())
        .filter(cell -> cell.question().equals(question))
        .<Key<?>>map(cell -> cell)
        .findFirst();
  }

  /** What a task hears of a failure, and so may depend on: not the exceptions' classes. */
  static String heard(TaskFailed failure) {
    return String.valueOf(failure.getMessage()).replaceAll("[a-z.]+\\.[A-Z][A-Za-z$]*: ", "");
  }

  private static Integer run(Recipe recipe, Fetch fetch) throws Exception {
    Recipe.Point point = recipe.start();
    while (true) {
      switch (recipe.next(point)) {
        case Recipe.Ask ask -> point = recipe.after(point, answers(ask, fetch));
        case Recipe.Give give -> {
          if (recipe.forgets(give.value())) {
            fetch.forget("by its recipe");
          }
          return give.value();
        }
        case Recipe.Fail fail -> throw new Broken(fail.text());
      }
    }
  }

  private static List<?> answers(Recipe.Ask ask, Fetch fetch) throws InterruptedException {
    try {
      List<Integer> values =
          ask.together()
              ? fetch.fetchAll(ask.cells())
              : List.of(fetch.fetch(ask.cells().getFirst()));
      return IntStream.range(0, values.size())
          .mapToObj(i -> ask.cells().get(i).heard(values.get(i)))
          .toList();
    } catch (TaskFailed failed) {
      if (ask.catches()) {
        return List.of(heard(failed));
      }
      throw failed;
    }
  }

  /** Makes a graph. */
  private static final class Growth {
    private final Shape shape;
    private final Random random;
    private final Mutant mutant;
    private final boolean fails;
    private final boolean forgets;

    /** Whether tasks give more than others hear. That and traces do not go together. */
    private final boolean halves;

    private final List<Cell> inputs = new ArrayList<>();
    private final List<Cell> tasks = new ArrayList<>();

    Growth(Shape shape, Random random, Mutant mutant) {
      this.shape = shape;
      this.random = random;
      this.mutant = mutant;
      this.fails = random.nextInt(3) == 0;
      this.forgets = random.nextInt(6) == 0;
      this.halves = random.nextInt(10) == 0;
    }

    Graph graph() {
      int inputCount = 1 + random.nextInt(6);
      IntStream.range(0, inputCount).forEach(id -> inputs.add(input(id)));
      int taskCount = size();
      IntStream.range(0, taskCount).forEach(id -> tasks.add(task(inputCount + id)));
      Map<Cell, Recipe> recipes = new LinkedHashMap<>();
      int layer = 2 + random.nextInt(4);
      for (int i = 0; i < taskCount; i++) {
        recipes.put(tasks.get(i), recipe(i, layer));
      }
      return new Graph(shape, List.copyOf(inputs), recipes);
    }

    private int size() {
      return switch (shape) {
        case RANDOM, CYCLIC -> 1 + random.nextInt(14);
        case LAYERED -> 4 + random.nextInt(16);
        case DIAMOND -> 4 + random.nextInt(12);
        case WIDE -> 20 + random.nextInt(40);
        // Rarely deeper than the engine lets one stack grow.
        case DEEP -> random.nextInt(20) == 0 ? 300 : 10 + random.nextInt(40);
      };
    }

    private Cell input(int id) {
      Durability durability =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> Durability.HIGH;
            case 3 -> Durability.FIXED;
            default -> Durability.LOW;
          };
      Traits traits = new Traits(durability, true, mutant.sameness(Sameness.EQUAL), true);
      return random.nextInt(3) == 0 ? new Seen(id, traits) : new Input(id, traits);
    }

    private Cell task(int id) {
      return switch (halves ? 5 : random.nextInt(6)) {
        case 0, 1 -> new Kept(id, traits(true), Trace.Order.ASKED);
        case 2 ->
            shape == Shape.DEEP
                ? new Kept(id, traits(true), Trace.Order.ASKED)
                : new Kept(id, traits(true), Trace.Order.ANY);
        default -> new Plain(id, traits(random.nextInt(12) > 0));
      };
    }

    private Traits traits(boolean codec) {
      boolean keepsFailures = !forgets || random.nextBoolean();
      Sameness sameness = mutant.sameness(halves ? Sameness.HALF : Sameness.EQUAL);
      return new Traits(Durability.LOW, keepsFailures, sameness, codec);
    }

    private Recipe recipe(int i, int layer) {
      boolean facts = tasks.get(i) instanceof Kept kept && kept.order() == Trace.Order.ANY;
      List<Cell> reach = facts ? inputs : reach(i, layer);
      int group =
          shape == Shape.WIDE ? 1 + random.nextInt(40) : 1 + random.nextInt(4) * random.nextInt(2);
      return new Recipe(
          random.nextLong(),
          reach,
          new Recipe.Style(
              shape != Shape.DEEP && random.nextBoolean(),
              shape == Shape.DEEP ? 1 + random.nextInt(2) : random.nextInt(5),
              group,
              1 + random.nextInt(5),
              fails ? random.nextInt(2) * (2 + random.nextInt(4)) : 0,
              random.nextInt(3),
              forgets && random.nextInt(4) == 0));
    }

    private List<Cell> reach(int i, int layer) {
      List<Cell> below = new ArrayList<>();
      switch (shape) {
        case RANDOM, CYCLIC -> below.addAll(tasks.subList(0, i));
        case LAYERED -> below.addAll(layerBelow(i, layer));
        case DIAMOND ->
            below.addAll(i % 4 == 0 ? range(i - 3, i) : range(i - i % 4, i - i % 4 + 1));
        case WIDE -> below.addAll(i % 20 == 19 ? tasks.subList(0, i) : List.of());
        case DEEP -> below.addAll(range(i - 1, i));
      }
      if (shape == Shape.CYCLIC && random.nextInt(3) == 0) {
        below.add(tasks.get(random.nextInt(tasks.size())));
      }
      if (below.isEmpty() || random.nextInt(shape == Shape.DEEP ? 30 : 3) == 0) {
        below.add(inputs.get(random.nextInt(inputs.size())));
        below.add(inputs.get(random.nextInt(inputs.size())));
      }
      return below;
    }

    private List<Cell> layerBelow(int i, int layer) {
      int start = i - i % layer;
      return range(start - layer, start);
    }

    private List<Cell> range(int from, int to) {
      return tasks.subList(Math.max(0, from), Math.max(0, to));
    }
  }
}

package dev.bricolage.memo.model;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.model.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes everything each time: always right, never minimal. Cycles end in {@link Round}. */
final class Naive implements Subject {
  private static final String NEVER_SET =
      " is an input that was never set: set it in an edit, or give its key a task";

  private final Graph graph;
  private final Map<Cell, Integer> inputs = new HashMap<>();
  private final Map<Cell, Integer> elsewhere = new HashMap<>();
  private final List<Cell> ran = new ArrayList<>();

  private final boolean minimal;

  /**
   * One for this scenario.
   *
   * @param minimal whether it claims to be
   */
  Naive(Scenario scenario, boolean minimal) {
    graph = scenario.graph();
    this.minimal = minimal;
  }

  @Override
  public boolean minimal() {
    return minimal;
  }

  /** A key asks itself. */
  private static final class Round extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public synchronized Result<Integer> ask(Cell cell) throws InterruptedException {
    try {
      return new Result.Value<>(new Recursion().fetch(cell));
    } catch (TaskFailed failed) {
      return new Result.Failure<>(Graph.heard(failed));
    } catch (Round round) {
      return new Result.Cycle<>();
    }
  }

  @Override
  public Result<Integer> fresh(Cell cell) throws InterruptedException {
    return ask(cell);
  }

  @Override
  public Optional<Result<Integer>> recall(Cell cell) {
    return Optional.empty();
  }

  @Override
  public synchronized void edit(Map<Cell, Optional<Integer>> values) {
    values.forEach((cell, value) ->
        value.ifPresentOrElse(set -> inputs.put(cell, set), () -> inputs.remove(cell)));
  }

  @Override
  public void look(Map<Cell, Optional<Integer>> values, Durability upTo) {
    edit(values);
  }

  @Override
  public void restart(Map<Cell, Optional<Integer>> values) {
    edit(values);
  }

  @Override
  public void change() {
    Map<Cell, Integer> other = Map.copyOf(elsewhere);
    elsewhere.clear();
    elsewhere.putAll(inputs);
    inputs.clear();
    inputs.putAll(other);
  }

  @Override
  public synchronized List<Cell> ran() {
    List<Cell> list = List.copyOf(ran);
    ran.clear();
    return list;
  }

  @Override
  public List<Cell> recalled() {
    return List.of();
  }

  @Override
  public List<List<Key<?>>> cycles() {
    return List.of();
  }

  @Override
  public List<String> complaints() {
    return List.of();
  }

  /** Asks by calling. */
  private final class Recursion implements Fetch {
    private final Set<Key<?>> waiting = new HashSet<>();
    private final Map<Key<?>, Object> results = new HashMap<>();

    @Override
    @SuppressWarnings("unchecked") // all values are numbers
    public <V> V fetch(Key<V> key) throws InterruptedException {
      Object result = results.get(key);
      if (result == null) {
        result = result(key);
        results.put(key, result);
      }
      if (result instanceof TaskFailed failed) {
        throw failed;
      }
      return (V) result;
    }

    /** The value or a {@link TaskFailed}. */
    private Object result(Key<?> key) throws InterruptedException {
      if (!waiting.add(key)) {
        throw new Round();
      }
      try {
        return computed(key);
      } catch (Round | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        return new TaskFailed(key, e);
      } finally {
        waiting.remove(key);
      }
    }

    private Object computed(Key<?> key) throws Exception {
      Optional<? extends Task<?>> task = graph.of(key);
      if (task.isPresent()) {
        ran.add((Cell) key);
        return task.get().run(this);
      }
      return Optional.ofNullable(inputs.get((Cell) key))
          .orElseThrow(() -> new Graph.Broken(key + NEVER_SET));
    }

    @Override
    public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
        throws InterruptedException {
      List<V> values = new ArrayList<>();
      Optional<RuntimeException> first = Optional.empty();
      for (Key<? extends V> key : keys) {
        try {
          values.add(fetch(key));
        } catch (Round round) {
          first = Optional.of(round);
        } catch (TaskFailed failed) {
          first = first.or(() -> Optional.of(failed));
        }
      }
      if (first.isPresent()) {
        throw first.get();
      }
      return values;
    }

    @Override
    public void observed(List<Step> steps) {
      throw new UnsupportedOperationException("nothing is observed here");
    }

    @Override
    public void forget(String reason) {}

    @Override
    public Asker asker() {
      return Asker.NOBODY;
    }
  }
}

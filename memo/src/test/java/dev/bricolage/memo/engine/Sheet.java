package dev.bricolage.memo.engine;

import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.Tasks;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A spreadsheet of integers: the smallest thing with tasks. A cell without a formula is an input.
 */
final class Sheet implements Tasks {
  private final Map<String, Task<Integer>> formulas = new ConcurrentHashMap<>();

  /** A cell of the sheet. */
  record Cell(String name) implements Key<Integer> {
    @Override
    public String toString() {
      return name;
    }
  }

  static Cell cell(String name) {
    return new Cell(name);
  }

  /** A task that can ask for cells by their names. */
  interface Formula {
    int of(Cells cells) throws Exception;
  }

  /** What a formula asks. */
  interface Cells {
    int at(String name) throws InterruptedException;
  }

  Sheet let(String name, Formula formula) {
    return task(name, fetch -> formula.of(other -> fetch.fetch(cell(other))));
  }

  Sheet task(String name, Task<Integer> task) {
    formulas.put(name, task);
    return this;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <V> Optional<Task<V>> of(Key<V> key) {
    return key instanceof Cell(String name)
        ? Optional.ofNullable((Task<V>) formulas.get(name))
        : Optional.empty();
  }

  /** For formulas that ask many. */
  static int sum(Fetch fetch, Iterable<Cell> cells) throws InterruptedException {
    int sum = 0;
    for (Cell cell : cells) {
      sum += fetch.fetch(cell);
    }
    return sum;
  }
}

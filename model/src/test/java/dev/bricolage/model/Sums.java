package dev.bricolage.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A program by hand: each key is a function of the values it asks, one after the other. */
final class Sums implements Program<String, Integer> {
  private final Map<String, Task<String, Integer>> tasks;
  private final List<String> persistent;
  private final List<String> forgotten;

  Sums(Map<String, Task<String, Integer>> tasks, String... persistent) {
    this(tasks, List.of(persistent), List.of());
  }

  private Sums(
      Map<String, Task<String, Integer>> tasks, List<String> persistent, List<String> forgotten) {
    this.tasks = tasks;
    this.persistent = persistent;
    this.forgotten = forgotten;
  }

  /** The same, but these are not to be remembered. */
  Sums forgetting(String... keys) {
    return new Sums(tasks, persistent, List.of(keys));
  }

  @Override
  public boolean remembers(String key, Result<Integer> result) {
    return !forgotten.contains(key);
  }

  @Override
  public Optional<Task<String, Integer>> task(String key) {
    return Optional.ofNullable(tasks.get(key));
  }

  @Override
  public Result<Integer> missing(String input) {
    return new Result.Failure<>(input + " was never set");
  }

  @Override
  public boolean records(String key, Run<String, Integer> run) {
    return persistent.contains(key);
  }

  /** Asks these one after the other, fails with the first that fails, and gives their function. */
  static Task<String, Integer> of(Function<List<Integer>, Integer> function, String... keys) {
    return after(List.of(), List.of(keys), function);
  }

  private static Task<String, Integer> after(
      List<Integer> values, List<String> rest, Function<List<Integer>, Integer> function) {
    return rest.isEmpty()
        ? gives(function.apply(values))
        : ask(
            rest.getFirst(),
            value -> {
              List<Integer> more = new ArrayList<>(values);
              more.add(value);
              return after(more, rest.subList(1, rest.size()), function);
            });
  }

  /** Asks one key, and fails with it. */
  static Task<String, Integer> ask(String key, Function<Integer, Task<String, Integer>> then) {
    return new Task.Asks<>(
        List.of(key),
        results ->
            results.getFirst() instanceof Result.Value<Integer>(Integer value)
                ? then.apply(value)
                : new Task.Gives<>(results.getFirst()));
  }

  static Task<String, Integer> gives(int value) {
    return new Task.Gives<>(new Result.Value<>(value));
  }

  static int sum(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).sum();
  }
}

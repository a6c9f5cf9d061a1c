package dev.bricolage.model;

import dev.bricolage.model.Run.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is right: every key's result as a function of the program and the inputs, and of nothing
 * that was before ({@code correctBuild} of "Build systems à la carte").
 *
 * <p>A result is the least fixed point of the tasks, where asking is strict: a key has a result if
 * its task ends after finitely many questions that all have one. There are finitely many keys, so
 * the others are those on a cycle and those that ask such a key; all of them are {@link
 * Result.Cycle}. Where one begins to ask makes no difference to that.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class CorrectBuild<K, V> {
  private final Program<K, V> program;
  private final Map<K, V> inputs;
  private final Map<K, Run<K, V>> runs = new HashMap<>();
  private final Set<K> begun = new HashSet<>();

  private CorrectBuild(Program<K, V> program, Map<K, V> inputs) {
    this.program = program;
    this.inputs = inputs;
  }

  /** The build of this program from these inputs; asks nothing that it is not asked. */
  public static <K, V> CorrectBuild<K, V> of(Program<K, V> program, Map<K, V> inputs) {
    return new CorrectBuild<>(program, Map.copyOf(inputs));
  }

  /** The right result of this key. */
  public Result<V> result(K key) {
    return run(key).result();
  }

  /** The run of this key's task; an input's asks nothing. */
  public Run<K, V> run(K key) {
    Run<K, V> known = runs.get(key);
    if (known != null) {
      return known;
    }
    if (!begun.add(key)) {
      // Not remembered: the one who has begun it says what it asked.
      return new Run<>(List.of(), new Result.Cycle<>());
    }
    Run<K, V> run = program.task(key).map(this::run).orElseGet(() -> input(key));
    runs.put(key, run);
    return run;
  }

  private Run<K, V> input(K key) {
    V value = inputs.get(key);
    return new Run<>(List.of(), value == null ? program.missing(key) : new Result.Value<>(value));
  }

  private Run<K, V> run(Task<K, V> task) {
    List<List<Answer<K, V>>> asked = new ArrayList<>();
    Task<K, V> next = task;
    while (next instanceof Task.Asks<K, V> asks) {
      List<Answer<K, V>> answers =
          asks.group().stream().map(key -> new Answer<>(key, result(key))).toList();
      asked.add(answers);
      List<Result<V>> results = answers.stream().map(Answer::result).toList();
      next =
          results.contains(new Result.Cycle<V>())
              ? new Task.Gives<>(new Result.Cycle<>())
              : asks.then().apply(results);
    }
    return new Run<>(asked, ((Task.Gives<K, V>) next).result());
  }
}

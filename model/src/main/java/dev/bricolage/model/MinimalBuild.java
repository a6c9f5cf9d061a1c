package dev.bricolage.model;

import dev.bricolage.model.State.Remembered;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has to run: asked for some keys in a {@link State}, a build gives the {@link CorrectBuild}'s
 * results, and runs a task if and only if nothing that is remembered stands for it.
 *
 * <ul>
 *   <li>What the process remembers of a key stands if nothing that it asked has changed since.
 *       Groups are looked at in the order in which they were asked, and no further than the first
 *       that has a change: what the task asked after it, it may not ask any more.
 *   <li>Otherwise a recorded trace stands if all its questions have the same answers again. The
 *       task is a function of its answers, so that is the trace which its run would leave now.
 *   <li>Otherwise the task runs. If it gives what it gave before, it has not changed.
 * </ul>
 *
 * <p>Each way all questions are asked that the run asks now, or the first of them, so what is
 * looked at is what a clean build would look at. Which tasks run does not depend on the order of
 * the keys that are asked in one revision, nor on whether they are asked at the same time.
 *
 * <p>What is not to be remembered runs once each time: a {@link Result.Cycle}, a result that the
 * program does not {@link Program#remembers remember}, and what rests on one of those. To who asked
 * it is as if it had changed.
 *
 * <p>Assumed: tasks are functions. What is asked beside a cycle, in the same group, may have run or
 * not, so after a cycle the set of tasks that run is an upper bound, unless one task runs after the
 * other.
 *
 * @param results of the keys asked
 * @param ran whose tasks ran
 * @param recalled whose results came from a recorded trace
 * @param after what is known then
 */
public record MinimalBuild<K, V>(
    Map<K, Result<V>> results, Set<K> ran, Set<K> recalled, State<K, V> after) {

  /** Asks for these keys. */
  public static <K, V> MinimalBuild<K, V> of(
      Program<K, V> program, State<K, V> before, Collection<? extends K> keys) {
    Walk<K, V> walk = new Walk<>(program, before, Optional.empty());
    keys.forEach(walk::ask);
    return walk.asked(keys);
  }

  /**
   * Asks for this key, and its task runs whatever is remembered of it. That is one revision; when
   * the result is what it was, nothing after it is redone all the same.
   */
  public static <K, V> MinimalBuild<K, V> fresh(Program<K, V> program, State<K, V> before, K key) {
    boolean computed = program.task(key).isPresent();
    Walk<K, V> walk = new Walk<>(program, computed ? before.next() : before, Optional.of(key));
    walk.ask(key);
    return walk.asked(List.of(key));
  }

  /**
   * The result of a key.
   *
   * @throws IllegalArgumentException when it was not asked
   */
  public Result<V> result(K key) {
    return Optional.ofNullable(results.get(key))
        .orElseThrow(() -> new IllegalArgumentException(key + " was not asked"));
  }

  /** One walk over the keys; gone when it ends. */
  private static final class Walk<K, V> {
    final Program<K, V> program;
    final State<K, V> before;
    final Optional<K> fresh;
    final CorrectBuild<K, V> right;
    final Map<K, Remembered<K, V>> memory;
    final Map<K, Set<Run<K, V>>> traces;
    final Set<K> ran = new HashSet<>();
    final Set<K> recalled = new HashSet<>();
    final Set<K> asked = new HashSet<>();

    Walk(Program<K, V> program, State<K, V> before, Optional<K> fresh) {
      this.program = program;
      this.before = before;
      this.fresh = fresh;
      right = CorrectBuild.of(program, before.inputs());
      memory = new HashMap<>(before.memory());
      traces = new HashMap<>(before.traces());
    }

    MinimalBuild<K, V> asked(Collection<? extends K> keys) {
      Map<K, Result<V>> results = new HashMap<>();
      keys.forEach(key -> results.put(key, right.result(key)));
      State<K, V> after =
          new State<>(before.revision(), before.inputs(), before.changed(), memory, traces);
      return new MinimalBuild<>(results, ran, recalled, after);
    }

    /** Brings a key up to date. */
    void ask(K key) {
      if (!asked.add(key) || program.task(key).isEmpty()) {
        return;
      }
      Run<K, V> run = right.run(key);
      boolean wanted = fresh.equals(Optional.of(key));
      if (!wanted && stands(key)) {
        remember(key, run);
        return;
      }
      run.groups().forEach(this::askAll);
      if (!wanted && traces(key).contains(run)) {
        recalled.add(key);
      } else {
        ran.add(key);
      }
      settle(key, run);
    }

    Set<Run<K, V>> traces(K key) {
      return traces.getOrDefault(key, Set.of());
    }

    void askAll(List<K> group) {
      group.forEach(this::ask);
    }

    boolean stands(K key) {
      Remembered<K, V> known = memory.get(key);
      if (known == null) {
        return false;
      }
      if (known.verified() == before.revision()) {
        return true;
      }
      for (List<K> group : known.asked()) {
        askAll(group);
        if (group.stream().anyMatch(dependency -> changed(dependency) > known.verified())) {
          return false;
        }
      }
      return true;
    }

    /** The revision in which this key, up to date, became what it is. */
    long changed(K key) {
      if (program.task(key).isEmpty()) {
        return before.changed().getOrDefault(key, 0L);
      }
      Remembered<K, V> known = memory.get(key);
      if (known == null || right.result(key) instanceof Result.Cycle) {
        return Long.MAX_VALUE; // on a cycle it may not have come as far as to be forgotten
      }
      return known.changed();
    }

    boolean mayBeRemembered(K key, Run<K, V> run) {
      return !(run.result() instanceof Result.Cycle)
          && program.remembers(key, run.result())
          && run.groups().stream().flatMap(List::stream).allMatch(this::isRemembered);
    }

    boolean isRemembered(K asked) {
      return program.task(asked).isEmpty() || memory.containsKey(asked);
    }

    void remember(K key, Run<K, V> run) {
      Remembered<K, V> known = memory.get(key);
      long changed =
          known != null && program.same(key, known.result(), run.result())
              ? known.changed()
              : before.revision();
      memory.put(key, new Remembered<>(run.result(), run.groups(), changed, before.revision()));
    }

    /** What is left of a run, or of a trace that was recalled. */
    void settle(K key, Run<K, V> run) {
      if (!mayBeRemembered(key, run)) {
        memory.remove(key);
        return;
      }
      remember(key, run);
      if (program.records(key, run)) {
        Set<Run<K, V>> runs = new HashSet<>(traces(key));
        runs.add(run);
        traces.put(key, runs);
      }
    }
  }
}

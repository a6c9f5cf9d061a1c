package dev.bricolage.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known before something is asked. Immutable: each step gives the next state.
 *
 * @param revision counts the edits that changed something
 * @param inputs those that have a value
 * @param changed the revision in which an input was changed last; those never changed are not here
 * @param memory what the process remembers, of tasks alone
 * @param traces what outlasts it: all runs of a key that were ever recorded, all equally good
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public record State<K, V>(
    long revision,
    Map<K, V> inputs,
    Map<K, Long> changed,
    Map<K, Remembered<K, V>> memory,
    Map<K, Set<Run<K, V>>> traces) {

  /**
   * A step trace, as Shake and salsa keep it: a run counts as long as nothing it asked has changed
   * after it was verified. So an input that was changed and changed back has changed, if somebody
   * could have seen it; who compares with the values of then may do better here.
   *
   * @param result what it gave
   * @param asked the keys it asked, group after group
   * @param changed the revision in which the result became this; a run that gives the same result
   *     again does not raise it (backdating), and nothing after it is redone (early cut-off)
   * @param verified the revision in which it was right for sure, the latest that is known
   */
  public record Remembered<K, V>(
      Result<V> result, List<List<K>> asked, long changed, long verified) {}

  /** Copies. */
  public State {
    inputs = Map.copyOf(inputs);
    changed = Map.copyOf(changed);
    memory = Map.copyOf(memory);
    traces = Map.copyOf(traces);
  }

  /** Nothing is known. */
  public static <K, V> State<K, V> empty() {
    return new State<>(0, Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * Sets some inputs and takes others away: one revision, or none when all is as it was.
   *
   * @param edits the new values; empty for an input that has none any more
   */
  public State<K, V> edit(Map<K, Optional<V>> edits) {
    Map<K, V> after = new HashMap<>(inputs);
    edits.forEach(
        (key, value) -> value.ifPresentOrElse(set -> after.put(key, set), () -> after.remove(key)));
    if (after.equals(inputs)) {
      return this;
    }
    Set<K> different = new HashSet<>(edits.keySet());
    different.removeIf(
        key -> Optional.ofNullable(after.get(key)).equals(Optional.ofNullable(inputs.get(key))));
    Map<K, Long> now = new HashMap<>(changed);
    different.forEach(key -> now.put(key, revision + 1));
    return new State<>(revision + 1, after, now, memory, traces);
  }

  /** The next revision, though no input has changed. */
  public State<K, V> next() {
    return new State<>(revision + 1, inputs, changed, memory, traces);
  }

  /** Another process with the same inputs over the same traces. */
  public State<K, V> restart() {
    return new State<>(revision, inputs, changed, Map.of(), traces);
  }

  /** The same process, after another one has added to the traces. */
  public State<K, V> over(Map<K, Set<Run<K, V>>> shared) {
    return new State<>(revision, inputs, changed, memory, shared);
  }
}

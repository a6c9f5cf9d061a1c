package dev.bricolage.model;

import java.util.List;

/**
 * One run of a task, and a constructive trace of it: what it asked and was answered, group after
 * group, and what it gave. Equal runs are the same run, wherever and whenever.
 *
 * @param asked in a {@link Result.Cycle} the last group is the one that has no answer
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public record Run<K, V>(List<List<Answer<K, V>>> asked, Result<V> result) {
  /** Copies. */
  public Run {
    asked = asked.stream().map(List::copyOf).toList();
  }

  /** A key and its result. */
  public record Answer<K, V>(K key, Result<V> result) {}

  /** The keys it asked, group after group. */
  public List<List<K>> groups() {
    return asked.stream().map(group -> group.stream().map(Answer::key).toList()).toList();
  }
}

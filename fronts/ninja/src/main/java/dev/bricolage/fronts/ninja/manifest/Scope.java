package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Words;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The variables and rules of one file, seen by the files it takes in by {@code subninja}. Names and
 * values are numbers of words.
 */
final class Scope {
  private final @Nullable Scope parent;
  private final Map<Integer, Integer> values = new HashMap<>();
  private final Map<String, Integer> rules = new TreeMap<>();

  private Scope(@Nullable Scope parent) {
    this.parent = parent;
  }

  static Scope top() {
    return new Scope(null);
  }

  Scope child() {
    return new Scope(this);
  }

  void set(int name, int value) {
    values.put(name, value);
  }

  /** The value here or in the nearest file around, or {@link Words#NONE}. */
  int value(int name) {
    int own = ownValue(name);
    return own == Words.NONE ? outerValue(name) : own;
  }

  int ownValue(int name) {
    return values.getOrDefault(name, Words.NONE);
  }

  /** The value in the nearest file around that has one. */
  int outerValue(int name) {
    return parent == null ? Words.NONE : parent.value(name);
  }

  void add(String ruleName, int rule) {
    rules.put(ruleName, rule);
  }

  boolean hasOwnRule(String ruleName) {
    return rules.containsKey(ruleName);
  }

  Optional<Integer> rule(String ruleName) {
    Integer own = rules.get(ruleName);
    if (own != null) {
      return Optional.of(own);
    }
    return parent == null ? Optional.empty() : parent.rule(ruleName);
  }

  /** This file's own rules by name, in the order of their names. */
  Map<String, Integer> rules() {
    return rules;
  }
}

package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What reading a manifest fills, and what is kept of it. */
final class Graph {
  /** Numbers of the variables that every edge has. */
  static final int IN = 0;

  static final int IN_NEWLINE = 1;
  static final int OUT = 2;

  /** Canonical paths, in the order they were first named. */
  final Words paths = new Words();

  /** Names and values of variables. */
  final Words words = new Words();

  final EdgeTable edges = new EdgeTable();
  final List<Rule> rules = new ArrayList<>();
  final List<Scope> scopes = new ArrayList<>();
  final List<Pool> pools = new ArrayList<>();
  final Map<String, Integer> poolNumbers = new LinkedHashMap<>();

  /** By path: the edge that makes it, or {@link Manifest#NONE}. */
  final IntList producers = new IntList();

  final IntList defaults = new IntList();

  /** Edge to path, for the few that have one. */
  final Map<Integer, Integer> dyndeps = new LinkedHashMap<>();

  /** A phony edge's input that was dropped because it is its output: ninja still counts it used. */
  final Map<Integer, Integer> dropped = new LinkedHashMap<>();

  final Set<String> files = new TreeSet<>();

  Graph() {
    words.intern("in");
    words.intern("in_newline");
    words.intern("out");
    scopes.add(Scope.top());
    scopes.getFirst().add(Rule.PHONY.name(), 0);
    rules.add(Rule.PHONY);
    add(Pool.DEFAULT);
    add(Pool.CONSOLE);
  }

  void add(Pool pool) {
    poolNumbers.put(pool.name(), pools.size());
    pools.add(pool);
  }

  Scope top() {
    return scopes.getFirst();
  }

  /** The number of a path that an edge names. */
  int path(byte[] source, int from, int to) {
    int path = paths.intern(source, from, to);
    if (path == producers.size()) {
      producers.add(Manifest.NONE);
    }
    return path;
  }

  /** A variable's value, empty if it is not set. */
  void write(int value, Bytes out) {
    if (value != Words.NONE) {
      words.copy(value, out);
    }
  }
}

package dev.bricolage.memo.engine;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down what a running task asks: each node once, however often and of however many. */
final class Recorder {
  /** So few are searched faster than hashed. */
  private static final int FEW = 16;

  private final boolean persistent;

  /** What the run before this one asked: as long as this one asks the same, it is shared. */
  private final Node<?>[] before;

  private Node<?>[] asked;

  /** Whether {@code asked} still is {@code before}. */
  private boolean shared = true;

  private int count;
  private @Nullable NodeSet seen;
  private int[] groups = State.Done.NO_GROUPS;
  private int groupCount;
  private boolean rests;
  private @Nullable String taint;
  private @Nullable Cycle cycle;
  private final List<List<Answered>> steps;
  private final List<Step> observed;
  private final Set<Node<?>> written;

  /** A node and what it answered, for a trace. */
  record Answered(Node<?> node, Object value) {}

  /** Of a first run. */
  Recorder(boolean persistent) {
    this(persistent, State.Done.NOTHING);
  }

  /** Of a run after one that asked these. */
  Recorder(boolean persistent, Node<?>[] before) {
    this.persistent = persistent;
    this.before = before;
    this.asked = before;
    this.steps = persistent ? new ArrayList<>() : List.of();
    this.observed = persistent ? new ArrayList<>() : List.of();
    this.written = persistent ? Collections.newSetFromMap(new IdentityHashMap<>()) : Set.of();
  }

  /** The node that was asked at this place before, if it is this key's: it need not be found. */
  @SuppressWarnings("unchecked") // its key is equal, so its value has the same type
  <V> @Nullable Node<V> guess(Key<V> key, int ahead) {
    if (shared && count + ahead < before.length) {
      Node<?> next = before[count + ahead];
      if (next.key.equals(key)) {
        return (Node<V>) next;
      }
    }
    return null;
  }

  /** One question and its answer. */
  void ask(Node<?> node, Flight.Landing.Result result) {
    note(node, result);
    if (persistent && written.add(node)) {
      steps.add(List.of(new Answered(node, result.done().value())));
    }
  }

  /** Questions that were asked together. */
  void askAll(List<? extends Node<?>> nodes, List<Flight.Landing.Result> results) {
    int start = count;
    for (int i = 0; i < nodes.size(); i++) {
      note(nodes.get(i), results.get(i));
    }
    if (count - start > 1) {
      if (groupCount == groups.length) {
        groups = Arrays.copyOf(groups, Math.max(2, groupCount * 2));
      }
      groups[groupCount++] = start;
      groups[groupCount++] = count;
    }
    if (persistent) {
      List<Answered> group = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        if (written.add(nodes.get(i))) {
          group.add(new Answered(nodes.get(i), results.get(i).done().value()));
        }
      }
      if (!group.isEmpty()) {
        steps.add(group);
      }
    }
  }

  private void note(Node<?> node, Flight.Landing.Result result) {
    if (!result.kept()) {
      taint("it rests on " + node.key + ", which is not remembered");
    }
    Durability durability = node.durability;
    rests |= result.done().rests() || durability == Durability.HIGH;
    if (durability != Durability.FIXED && isNew(node)) {
      append(node);
    }
  }

  private void append(Node<?> node) {
    if (shared && count < before.length && before[count] == node) {
      count++;
      return;
    }
    if (shared || count == asked.length) {
      shared = false;
      asked = Arrays.copyOf(Arrays.copyOf(asked, count), Math.max(3, count * 2));
    }
    asked[count++] = node;
  }

  private boolean isNew(Node<?> node) {
    if (seen == null && shared && count < before.length && before[count] == node) {
      return true;
    }
    if (count < FEW) {
      for (int i = 0; i < count; i++) {
        if (asked[i] == node) {
          return false;
        }
      }
      return true;
    }
    if (seen == null) {
      seen = new NodeSet(asked, count);
    }
    return seen.add(node);
  }

  void observe(List<Step> more) {
    if (persistent) {
      observed.addAll(more);
    }
  }

  /** What comes of this is not to be remembered; the first reason counts. */
  void taint(String reason) {
    if (taint == null) {
      taint = reason;
    }
  }

  Optional<String> tainted() {
    return Optional.ofNullable(taint);
  }

  /** The task has met a cycle: whatever it makes of that, it fails of it. */
  void met(Cycle met) {
    if (cycle == null) {
      cycle = met;
    }
  }

  Optional<Cycle> cycle() {
    return Optional.ofNullable(cycle);
  }

  Node<?>[] asked() {
    return count == asked.length ? asked : Arrays.copyOf(asked, count);
  }

  int[] groups() {
    return groupCount == groups.length ? groups : Arrays.copyOf(groups, groupCount);
  }

  /** Whether it rests on something that tells nobody of its changes. */
  boolean rests() {
    return rests;
  }

  List<List<Answered>> steps() {
    return steps;
  }

  List<Step> observed() {
    return observed;
  }
}

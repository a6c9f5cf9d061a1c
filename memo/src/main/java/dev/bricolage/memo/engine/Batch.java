package dev.bricolage.memo.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Nodes that one task wants at the same time: whoever has a slot takes the next one. */
final class Batch {
  final Strand asker;
  private final List<Node<?>> nodes;
  private final Flight.@Nullable Landing[] landings;
  private final Set<Strand> workers = ConcurrentHashMap.newKeySet();
  private int next;
  private int open;

  Batch(Strand asker, List<Node<?>> nodes) {
    this.asker = asker;
    this.nodes = nodes;
    this.landings = new Flight.Landing[nodes.size()];
    this.open = nodes.size();
  }

  /** The index of a node that nobody has taken yet; -1 when all are taken. */
  synchronized int take() {
    return next < nodes.size() ? next++ : -1;
  }

  synchronized boolean hasMore() {
    return next < nodes.size();
  }

  Node<?> node(int index) {
    return nodes.get(index);
  }

  synchronized void land(int index, Flight.Landing landing) {
    landings[index] = landing;
    if (--open == 0) {
      notifyAll();
    }
  }

  synchronized boolean isDone() {
    return open == 0;
  }

  /** Waits until all have landed. */
  synchronized Batch await() throws InterruptedException {
    while (open > 0) {
      wait();
    }
    return this;
  }

  /** What became of each; for after the end. */
  synchronized Flight.Landing landing(int index) {
    Flight.Landing landing = landings[index];
    return landing == null ? new Flight.Landing.Nothing() : landing;
  }

  Set<Strand> workers() {
    return workers;
  }
}

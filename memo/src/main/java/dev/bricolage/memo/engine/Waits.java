package dev.bricolage.memo.engine;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who waits for whom. A strand says so before it waits, and is refused when its wait would close a
 * circle. Strands that run wait for nobody, so the search goes through waiting ones only, whose
 * stacks stand still.
 */
final class Waits {
  private final Set<Strand> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What a strand waits for. */
  sealed interface Wait {
    /** That this node is computed. */
    record ForNode(Node<?> node, Flight flight) implements Wait {}

    /** That others have finished their part of a batch. */
    record ForBatch(Batch batch) implements Wait {}
  }

  /**
   * Begins a wait.
   *
   * @throws Cycle when it would never end
   */
  synchronized void begin(Strand strand, Wait wait) {
    strand.waiting = wait;
    Optional<List<Node<?>>> circle = circle(strand, wait);
    if (circle.isPresent()) {
      strand.waiting = null;
      throw cycle(circle.get());
    }
    waiting.add(strand);
  }

  synchronized void end(Strand strand) {
    strand.waiting = null;
    waiting.remove(strand);
  }

  /** A strand was cancelled: who waits for it is to look again. */
  void nudgeThoseWaitingFor(Strand cancelled) {
    List<Flight> flights = new ArrayList<>();
    synchronized (this) {
      for (Strand strand : waiting) {
        if (strand.waiting instanceof Wait.ForNode(Node<?> node, Flight flight)
            && flight.strand == cancelled) {
          flights.add(flight);
        }
      }
    }
    flights.forEach(Flight::nudge);
  }

  /** A strand that is waited for, from this place of its stack on, and who waits for it. */
  private record Link(Strand strand, int from, Optional<Link> before) {
    /** What is computed from the first link to this one. */
    List<Node<?>> nodes() {
      Deque<Link> links = new ArrayDeque<>();
      for (Optional<Link> at = Optional.of(this); at.isPresent(); at = at.get().before) {
        links.push(at.get());
      }
      List<Node<?>> nodes = new ArrayList<>();
      for (Link link : links) {
        List<Node<?>> stack = link.strand.stack();
        nodes.addAll(stack.subList(link.from, stack.size()));
      }
      return nodes;
    }
  }

  /**
   * The nodes from the one waited for back to itself. As many may wait for each other as there are
   * helpers, so the search keeps its own stack.
   */
  private static Optional<List<Node<?>>> circle(Strand goal, Wait wait) {
    Deque<Link> open = new ArrayDeque<>();
    Set<Strand> seen = new HashSet<>();
    follow(wait, Optional.empty(), goal, open);
    while (!open.isEmpty()) {
      Link link = open.pop();
      Strand strand = link.strand;
      if (strand == goal) {
        return Optional.of(link.nodes());
      }
      if (strand.waiting != null && !strand.cancelled() && seen.add(strand)) {
        follow(strand.waiting, Optional.of(link), goal, open);
      }
    }
    return Optional.empty();
  }

  private static void follow(Wait wait, Optional<Link> before, Strand goal, Deque<Link> open) {
    switch (wait) {
      case Wait.ForNode(Node<?> node, Flight flight) -> {
        if (standsStill(flight.strand, goal)) {
          int at = flight.strand.stack().lastIndexOf(node);
          if (at >= 0) { // if not, its flight has just ended
            open.push(new Link(flight.strand, at, before));
          }
        }
      }
      case Wait.ForBatch(Batch batch) -> {
        for (Strand worker : batch.workers()) {
          if (standsStill(worker, goal)) {
            open.push(new Link(worker, 0, before));
          }
        }
      }
    }
  }

  private static boolean standsStill(Strand strand, Strand goal) {
    return strand == goal || strand.waiting != null;
  }

  /** Begins with the least, so that a cycle has one name, whoever found it. */
  private static Cycle cycle(List<Node<?>> circle) {
    List<Key<?>> keys = new ArrayList<>();
    for (Node<?> node : circle) {
      keys.add(node.key);
    }
    Key<?> least = Collections.min(keys, Comparator.comparing(Object::toString));
    Collections.rotate(keys, -keys.indexOf(least));
    return new Cycle(keys);
  }
}

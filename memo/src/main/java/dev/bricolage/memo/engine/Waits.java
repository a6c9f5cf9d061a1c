package dev.bricolage.memo.engine;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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

  /** The nodes from the one waited for back to itself. */
  private static Optional<List<Node<?>>> circle(Strand from, Wait wait) {
    return beyond(wait, from, new HashSet<>());
  }

  /** What is computed from one strand to another that it waits for. */
  private static Optional<List<Node<?>>> beyond(Wait wait, Strand goal, Set<Strand> seen) {
    return switch (wait) {
      case Wait.ForNode(Node<?> node, Flight flight) -> from(node, flight.strand, goal, seen);
      case Wait.ForBatch(Batch batch) -> through(batch, goal, seen);
    };
  }

  private static Optional<List<Node<?>>> from(
      Node<?> node, Strand owner, Strand goal, Set<Strand> seen) {
    if (!standsStill(owner, goal)) {
      return Optional.empty();
    }
    int at = owner.stack().lastIndexOf(node); // below zero when its flight has just ended
    return at < 0 ? Optional.empty() : path(owner, at, goal, seen);
  }

  private static Optional<List<Node<?>>> through(Batch batch, Strand goal, Set<Strand> seen) {
    for (Strand worker : batch.workers()) {
      Optional<List<Node<?>>> found =
          standsStill(worker, goal) ? path(worker, 0, goal, seen) : Optional.empty();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean standsStill(Strand strand, Strand goal) {
    return strand == goal || strand.waiting != null;
  }

  /** A way from what {@code owner} computes, from this place of its stack on, to {@code goal}. */
  private static Optional<List<Node<?>>> path(
      Strand owner, int from, Strand goal, Set<Strand> seen) {
    List<Node<?>> here = new ArrayList<>(owner.stack().subList(from, owner.stack().size()));
    if (owner == goal) {
      return Optional.of(here);
    }
    if (owner.waiting == null || owner.cancelled() || !seen.add(owner)) {
      return Optional.empty();
    }
    Optional<List<Node<?>>> rest = beyond(owner.waiting, goal, seen);
    rest.ifPresent(here::addAll);
    return rest.isPresent() ? Optional.of(here) : Optional.empty();
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

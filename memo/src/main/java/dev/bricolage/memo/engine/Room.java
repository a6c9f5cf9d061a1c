package dev.bricolage.memo.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the values in memory within a budget. What was not asked since the last look is dropped
 * first (the clock algorithm). A node whose value is dropped stays where it is in the graph: it
 * still passes on what changes below it, and still knows whether it would be the same.
 */
final class Room {
  /** So much is dropped beyond what must be, so that not every new value looks for room. */
  private static final double FULL = 0.9;

  private final long budget;
  private final NodeTable table;
  private final Ears ears;
  private final AtomicLong weight = new AtomicLong();
  private final ReentrantLock sweeping = new ReentrantLock();

  Room(long budget, NodeTable table, Ears ears) {
    this.budget = budget;
    this.table = table;
    this.ears = ears;
  }

  /** A computed value has come. */
  void took(Node<?> node, State.Done now, Optional<State.Done> last) {
    if (budget == Long.MAX_VALUE || !node.computed) {
      return;
    }
    long gone = last.isPresent() ? weight(node.key, last.get().value()) : 0;
    if (weight.addAndGet(weight(node.key, now.value()) - gone) > budget && sweeping.tryLock()) {
      try {
        sweep();
        sweep();
      } finally {
        sweeping.unlock();
      }
    }
  }

  /** What is not to be remembered has taken the place of this value. */
  void lost(Node<?> node, Optional<State.Done> last) {
    if (budget == Long.MAX_VALUE || !node.computed) {
      return;
    }
    last.ifPresent(done -> weight.addAndGet(-weight(node.key, done.value())));
  }

  long weight() {
    return weight.get();
  }

  /** A key that cannot weigh its value has one of average weight. */
  private static <V> long weight(Key<V> key, Object value) {
    if (value instanceof State.Failure || value instanceof State.Dropped) {
      return 0;
    }
    try {
      return key.weight(Sameness.cast(key, value));
    } catch (RuntimeException | Error broken) {
      return 1;
    }
  }

  private void sweep() {
    table.forEach(node -> {
      if (weight.get() <= budget * FULL) {
        return;
      }
      if (node.used) {
        node.used = false;
        return;
      }
      drop(node);
    });
  }

  private <V> void drop(Node<V> node) {
    if (!node.computed) {
      return; // an input could not be computed again
    }
    State state = node.state();
    if (state instanceof State.Done done && droppable(done)) {
      drop(node, state, done, done.dropped(digest(node.key, done.value())));
    } else if (state instanceof State.Stale(State.Done last) && droppable(last)) {
      drop(node, state, last, new State.Stale(last.dropped(digest(node.key, last.value()))));
    }
  }

  private static boolean droppable(State.Done done) {
    return !done.isDropped() && !(done.value() instanceof State.Failure);
  }

  private void drop(Node<?> node, State from, State.Done done, State to) {
    if (node.become(from, to)) {
      weight.addAndGet(-weight(node.key, done.value()));
      ears.hear(() -> new Event.Evicted(node.key));
    }
  }

  /** A value that cannot be written will not be known again. */
  private static <V> Optional<Digest> digest(Key<V> key, Object value) {
    try {
      return key.codec().map(codec -> Digest.of(codec.encode(Sameness.cast(key, value))));
    } catch (RuntimeException | Error broken) {
      return Optional.empty();
    }
  }
}

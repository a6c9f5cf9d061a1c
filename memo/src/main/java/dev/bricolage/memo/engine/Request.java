package dev.bricolage.memo.engine;

import dev.bricolage.memo.Asker;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** One asking from outside, and all strands that work for it. */
final class Request {
  final Asker asker;
  private final Optional<Node<?>> fresh;
  private final List<Strand> strands = new ArrayList<>();
  private final IdentityHashMap<Node<?>, Flight.Landing> passing = new IdentityHashMap<>();
  private boolean cancelled;
  private long supersededBy;

  /**
   * A request.
   *
   * @param fresh the node whose task is to run, whatever is remembered of it
   */
  Request(Asker asker, Optional<Node<?>> fresh) {
    this.asker = asker;
    this.fresh = fresh;
  }

  boolean isFresh(Node<?> node) {
    return fresh.isPresent() && fresh.get() == node;
  }

  /** A strand begins; one that comes after the end is cancelled from its birth. */
  synchronized void enter(Strand strand) {
    strands.add(strand);
    if (cancelled) {
      strand.cancel();
    }
  }

  synchronized void leave(Strand strand) {
    strands.remove(strand);
  }

  /** Keeps what is not to be remembered for as long as this request lasts: nothing runs twice. */
  void pass(Node<?> node, Flight.Landing landing) {
    synchronized (passing) {
      passing.put(node, landing);
    }
  }

  Optional<Flight.Landing> passing(Node<?> node) {
    synchronized (passing) {
      return passing.isEmpty() ? Optional.empty() : Optional.ofNullable(passing.get(node));
    }
  }

  /** Nobody wants the answer any more. After this no strand of it completes anything. */
  void cancel() {
    List<Strand> working;
    synchronized (this) {
      cancelled = true;
      working = List.copyOf(strands);
    }
    working.forEach(Strand::cancel);
  }

  /** Cancels, because inputs have changed. */
  void supersede(long revision) {
    synchronized (this) {
      if (supersededBy == 0) {
        supersededBy = revision;
      }
    }
    cancel();
  }

  /** The revision for which it was cancelled; 0 when it was not, or for another reason. */
  synchronized long supersededBy() {
    return supersededBy;
  }
}

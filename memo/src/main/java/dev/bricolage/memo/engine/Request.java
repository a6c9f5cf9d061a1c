package dev.bricolage.memo.engine;

import dev.bricolage.memo.Asker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One asking from outside, and all strands that work for it. */
final class Request {
  final Asker asker;
  private final Wish wish;
  private final Node<?> wished;
  private final List<Strand> strands = new ArrayList<>();
  private final IdentityHashMap<Node<?>, Flight.Landing> passing = new IdentityHashMap<>();

  private Set<Node<?>> dropped = Set.of();

  /** Whether there is anything in {@link #passing}: mostly not, and everybody looks. */
  private volatile boolean passes;

  private boolean cancelled;
  private long supersededBy;

  /**
   * A request.
   *
   * @param wish what is wanted
   * @param wished of which node; of those below it, everything is wanted {@link Wish#ANYHOW}
   */
  Request(Asker asker, Wish wish, Node<?> wished) {
    this.asker = asker;
    this.wish = wish;
    this.wished = wished;
  }

  /** How a value may come about. */
  enum Wish {
    /** From memory, or by running. */
    ANYHOW,
    /** By running its task, whatever is remembered. */
    FRESH,
    /** Only from memory. */
    REMEMBERED
  }

  boolean wants(Wish what, Node<?> node) {
    return wish == what && wished == node;
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
    notifyAll();
  }

  /** Waits until nothing runs for it any more; an interrupt ends the wait, and stays. */
  synchronized void awaitEnd() {
    while (!strands.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Keeps what is not to be remembered for as long as this request lasts: nothing runs twice. */
  void pass(Node<?> node, Flight.Landing landing) {
    synchronized (passing) {
      passing.put(node, landing);
      passes = true;
    }
  }

  /** Whether the value of this node, dropped in this revision, is computed again not only once. */
  boolean isWantedAgain(Node<?> node) {
    synchronized (passing) {
      if (dropped.isEmpty()) {
        dropped = Collections.newSetFromMap(new IdentityHashMap<>());
      }
      return !dropped.add(node);
    }
  }

  Optional<Flight.Landing> passing(Node<?> node) {
    if (!passes) {
      return Optional.empty();
    }
    synchronized (passing) {
      return Optional.ofNullable(passing.get(node));
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

  /**
   * Inputs are about to change: no strand of it completes anything after this. They are not woken
   * before {@link #cancel}, so that none of them takes over from another that is stopped as well.
   */
  synchronized void supersede(long revision) {
    if (supersededBy == 0) {
      supersededBy = revision;
    }
    cancelled = true;
    strands.forEach(Strand::condemn);
  }

  /** The revision for which it was cancelled; 0 when it was not, or for another reason. */
  synchronized long supersededBy() {
    return supersededBy;
  }
}

package dev.bricolage.memo.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of computing: nodes, each computed for the sake of the one before. It runs on one thread
 * at a time, though not always the same: where the stack grows deep, a fresh thread takes over
 * until the depth is left again.
 */
final class Strand {
  final Request request;
  final Waits waits;
  final Crew crew;
  private final List<Node<?>> stack = new ArrayList<>();
  private volatile boolean cancelled;
  private @Nullable Thread thread;
  private boolean nudged;
  private boolean holdsSlot;
  private @Nullable Thread callers;

  /** Tasks below each other on the current thread's stack. */
  int depth;

  /** Threads that wait for each other below the first, each where the stack had grown deep. */
  long relays;

  /** What it waits for; guarded by {@link Waits}. */
  Waits.@Nullable Wait waiting;

  Strand(Request request, Waits waits, Crew crew) {
    this.request = request;
    this.waits = waits;
    this.crew = crew;
  }

  boolean cancelled() {
    return cancelled;
  }

  /** The current thread works for it from now on; gives the one that did. */
  synchronized @Nullable Thread enter(@Nullable Thread entering) {
    Thread before = thread;
    thread = entering;
    if (cancelled) {
      nudge();
    }
    return before;
  }

  /** It completes nothing more, though it does not know yet. */
  synchronized void condemn() {
    cancelled = true;
  }

  private void nudge() {
    if (thread != null) {
      thread.interrupt();
      nudged = true;
    }
  }

  /**
   * Ends it as soon as it can be. When this returns it will complete nothing more, and its slot is
   * another's: a task that does not end, though nobody wants its value, keeps nobody from running.
   */
  void cancel() {
    synchronized (this) {
      cancelled = true;
      nudge();
    }
    waits.nudgeThoseWaitingFor(this);
    crew.release(this);
  }

  /** Its thread was interrupted in a wait: if that is the caller's own, he wants no answer. */
  void interrupted() {
    if (isCallers()) {
      request.cancel();
    }
  }

  /**
   * Takes away an interrupt that a task has left on the thread, which is no concern of the next.
   */
  void calm() {
    if (!isCallers() && Thread.interrupted() && cancelled) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes away the interrupt by which it was cancelled, when all is over. */
  synchronized void rest() {
    if (nudged) {
      Thread.interrupted();
    }
  }

  /** Takes the last step of a computation, if the strand is not cancelled. */
  synchronized boolean complete(Node<?> node, State.Running from, State to) {
    return !cancelled && node.become(from, to);
  }

  void push(Node<?> node) {
    stack.add(node);
  }

  void pop() {
    stack.removeLast();
  }

  /** What it computes, the outermost first. Only while it waits may others look. */
  List<Node<?>> stack() {
    return stack;
  }

  /** Whether this is the thread of who asked: then an interrupt of it is meant for the request. */
  boolean isCallers() {
    return callers == Thread.currentThread();
  }

  void runsOnCallers() {
    callers = Thread.currentThread();
  }

  boolean holdsSlot() {
    return holdsSlot;
  }

  void holdsSlot(boolean holds) {
    holdsSlot = holds;
  }
}

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
  private final List<Node<?>> stack = new ArrayList<>();
  private volatile boolean cancelled;
  private @Nullable Thread thread;
  private boolean holdsSlot;
  private boolean callers;

  /** Tasks below each other on the current thread's stack. */
  int depth;

  /** What it waits for; guarded by {@link Waits}. */
  Waits.@Nullable Wait waiting;

  Strand(Request request, Waits waits) {
    this.request = request;
    this.waits = waits;
  }

  boolean cancelled() {
    return cancelled;
  }

  /** The current thread works for it from now on; gives the one that did. */
  synchronized @Nullable Thread enter(@Nullable Thread entering) {
    Thread before = thread;
    thread = entering;
    if (cancelled && entering != null) {
      entering.interrupt();
    }
    return before;
  }

  /** Ends it as soon as it can be. When this returns it will complete nothing more. */
  void cancel() {
    synchronized (this) {
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
    waits.nudgeThoseWaitingFor(this);
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

  /** Whether it runs on the thread of who asked: then an interrupt of that is meant for it. */
  boolean isCallers() {
    return callers;
  }

  void runsOnCallers() {
    callers = true;
  }

  boolean holdsSlot() {
    return holdsSlot;
  }

  void holdsSlot(boolean holds) {
    holdsSlot = holds;
  }
}

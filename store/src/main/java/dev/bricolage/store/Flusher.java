package dev.bricolage.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The thread that takes changes to the disk, when nothing was written for a moment or something has
 * waited long enough. A failure (a full disk) is told once and tried again; the changes are in
 * memory and in the journal meanwhile.
 */
final class Flusher implements AutoCloseable {
  /**
   * When to write.
   *
   * @param quiet since the last change
   * @param latest since the first
   * @param warnings told of failures
   */
  record Pace(Duration quiet, Duration latest, Consumer<String> warnings) {}

  private final Runnable flush;
  private final Pace pace;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean waiting;
  private boolean closed;
  private boolean complained;
  private long first;
  private long last;

  Flusher(Runnable flush, Pace pace) {
    this.flush = flush;
    this.pace = pace;
    this.thread = Thread.ofPlatform().daemon().name("store-flusher").start(this::run);
  }

  /** There is something to write. */
  void wake() {
    lock.lock();
    try {
      last = System.nanoTime();
      if (!waiting) {
        waiting = true;
        first = last;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitDue()) {
      try {
        flush.run();
        complained = false;
      } catch (RuntimeException e) {
        complain(e);
        wake();
      }
    }
  }

  private void complain(RuntimeException e) {
    if (!complained) {
      complained = true;
      pace.warnings.accept("not yet on the disk: " + Home.reason(e));
    }
  }

  /** Returns true when it is time to write, false when closed. */
  private boolean awaitDue() {
    lock.lock();
    try {
      while (!closed) {
        long left = waiting ? nanosLeft() : Long.MAX_VALUE;
        if (left <= 0) {
          waiting = false;
          return true;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long nanosLeft() {
    long now = System.nanoTime();
    return Math.min(last + pace.quiet.toNanos() - now, first + pace.latest.toNanos() - now);
  }

  /** Ends the thread; what is left to write is the caller's. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.bricolage.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests being served, so that the daemon knows when it is idle and when it may go.
 */
final class Requests {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int running;
  private int answered;
  private boolean closed;
  private long idleSince = System.nanoTime();

  /** Starts one; false when no more are taken. */
  boolean begin() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * One is done but for telling the client, who must not find it still running when it has read its
   * exit status. The daemon waits for it all the same.
   */
  void answer() {
    lock.lock();
    try {
      answered++;
    } finally {
      lock.unlock();
    }
  }

  /** Ends one that was answered. */
  void end() {
    lock.lock();
    try {
      running--;
      answered--;
      idleSince = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more are taken; returns how many still run, without those that are answered. */
  int close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      return running - answered;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none has run for the given time, or {@link #close} was called; closes then. */
  void awaitIdle(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long left = idleSince + limit.toNanos() - System.nanoTime();
        if (running > 0) {
          changed.await();
        } else if (left > 0) {
          changed.await(left, TimeUnit.NANOSECONDS);
        } else {
          closed = true;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none is running. */
  void awaitNone() throws InterruptedException {
    lock.lock();
    try {
      while (running > 0) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }
}

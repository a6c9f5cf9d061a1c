package dev.bricolage.watch;

import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What was heard and is not told yet, between the thread that hears and the one that tells. */
final class Bursts implements Changes.Listener {
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition heard = lock.newCondition();

  // Guarded by the lock.
  private Burst burst = new Burst();
  private boolean closed;

  Bursts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public void changed(Path path) {
    hear(now -> now.changed(path, nanos.getAsLong()));
  }

  @Override
  public void folderChanged(Path path) {
    compareAll();
  }

  @Override
  public void lost(String reason) {
    hear(now -> now.lost(reason, nanos.getAsLong()));
  }

  /** As if anything could have changed. */
  void compareAll() {
    hear(now -> now.compareAll(nanos.getAsLong()));
  }

  /** Waits until a burst is over; false when this is closed. */
  boolean await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (burst.isEmpty()) {
          heard.await();
          continue;
        }
        long remaining = burst.remaining(nanos.getAsLong());
        if (remaining <= 0) {
          return true;
        }
        var _ = heard.awaitNanos(remaining);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the burst, over or not; it may be empty. */
  Burst take() {
    lock.lock();
    try {
      Burst taken = burst;
      burst = new Burst();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      heard.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void hear(Consumer<Burst> what) {
    lock.lock();
    try {
      what.accept(burst);
      heard.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

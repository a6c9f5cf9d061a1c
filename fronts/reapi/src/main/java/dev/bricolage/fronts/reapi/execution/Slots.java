package dev.bricolage.fronts.reapi.execution;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Places for so many to work side by side. Who waits is let in by priority, lower first, as REAPI
 * counts, and in the order of coming among equals.
 */
final class Slots {
  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>(
          Comparator.comparingInt(Waiter::priority).thenComparingLong(Waiter::number));
  private int free;
  private long came;

  private record Waiter(int priority, long number, CountDownLatch turn) {}

  /** So many. */
  Slots(int places) {
    free = places;
  }

  /** Takes a place, when it is this one's turn. */
  void acquire(int priority) throws InterruptedException {
    Waiter waiter;
    synchronized (this) {
      if (free > 0) {
        free--;
        return;
      }
      waiter = new Waiter(priority, came++, new CountDownLatch(1));
      waiters.add(waiter);
    }
    try {
      waiter.turn().await();
    } catch (InterruptedException e) {
      leave(waiter);
      throw e;
    }
  }

  /** The place may have been given to it at this very moment. */
  private synchronized void leave(Waiter waiter) {
    if (!waiters.remove(waiter)) {
      release();
    }
  }

  /** Gives a place back. */
  synchronized void release() {
    Waiter next = waiters.poll();
    if (next == null) {
      free++;
    } else {
      next.turn().countDown();
    }
  }
}

package dev.bricolage.memo.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * The bound on running work. A strand needs a slot to run and gives it back while it waits, so that
 * waiting for others can never stop them. A slot that is free goes to a strand that wants to go on,
 * else to the newest batch that has work left, on a new virtual thread; only when there is neither
 * it stays free.
 */
final class Crew {
  private final Deque<Ticket> queue = new ArrayDeque<>();
  private final Deque<Batch> batches = new ArrayDeque<>();
  private final BiConsumer<Strand, Batch> work;
  private int free;

  /**
   * A crew.
   *
   * @param work does a batch's work on a strand of its own that holds a slot, until none is left
   */
  Crew(int slots, BiConsumer<Strand, Batch> work) {
    this.free = slots;
    this.work = work;
  }

  private static final class Ticket {
    final Thread thread = Thread.currentThread();
    volatile boolean granted;
  }

  /** Waits for a slot. A strand that is cancelled gets none: it is to end. */
  void acquire(Strand strand) {
    Ticket ticket = new Ticket();
    synchronized (this) {
      if (strand.cancelled()) {
        return;
      }
      if (free > 0) {
        free--;
        strand.holdsSlot(true);
        return;
      }
      queue.addLast(ticket);
    }
    await(strand, ticket);
    synchronized (this) {
      if (!ticket.granted) {
        queue.remove(ticket);
      } else if (strand.cancelled()) {
        passOn();
      } else {
        strand.holdsSlot(true);
      }
    }
  }

  /** An interrupt that does not cancel does not end it, and is there afterwards. */
  private void await(Strand strand, Ticket ticket) {
    boolean interrupted = false;
    while (!ticket.granted && !strand.cancelled()) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        interrupted = true;
        strand.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives the slot back, if it holds one. */
  synchronized void release(Strand strand) {
    if (strand.holdsSlot()) {
      strand.holdsSlot(false);
      passOn();
    }
  }

  /** Slots that nobody has. */
  synchronized int free() {
    return free;
  }

  /** Lets others help with this batch, as far as there are slots. */
  synchronized void offer(Batch batch) {
    batches.addFirst(batch);
    while (free > 0 && batch.hasMore()) {
      free--;
      help(batch);
    }
  }

  synchronized void withdraw(Batch batch) {
    batches.remove(batch);
  }

  private void passOn() {
    Ticket waiting = queue.pollFirst();
    if (waiting != null) {
      waiting.granted = true;
      LockSupport.unpark(waiting.thread);
      return;
    }
    for (Batch batch : batches) {
      if (batch.hasMore() && !batch.asker.cancelled()) {
        help(batch);
        return;
      }
    }
    free++;
  }

  private void help(Batch batch) {
    Strand helper = new Strand(batch.asker.request, batch.asker.waits, this);
    helper.holdsSlot(true);
    batch.workers().add(helper);
    Thread.ofVirtual().name("memo").start(() -> work.accept(helper, batch));
  }
}

package dev.bricolage.memo.engine;

import java.util.ArrayDeque;
import java.util.Deque;
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
    private boolean granted;
  }

  /** Waits for a slot. */
  void acquire(Strand strand) throws InterruptedException {
    Ticket ticket = new Ticket();
    synchronized (this) {
      if (free > 0) {
        free--;
        strand.holdsSlot(true);
        return;
      }
      queue.addLast(ticket);
      try {
        while (!ticket.granted) {
          wait();
        }
      } catch (InterruptedException e) {
        if (ticket.granted) {
          passOn();
        } else {
          queue.remove(ticket);
        }
        throw e;
      }
      strand.holdsSlot(true);
    }
  }

  /** Gives the slot back, if it holds one. */
  synchronized void release(Strand strand) {
    if (strand.holdsSlot()) {
      strand.holdsSlot(false);
      passOn();
    }
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
      notifyAll();
      return;
    }
    for (Batch batch : batches) {
      if (batch.hasMore()) {
        help(batch);
        return;
      }
    }
    free++;
  }

  private void help(Batch batch) {
    Strand helper = new Strand(batch.asker.request, batch.asker.waits);
    helper.holdsSlot(true);
    batch.workers().add(helper);
    Thread.ofVirtual().name("memo").start(() -> work.accept(helper, batch));
  }
}

package dev.bricolage.fronts.reapi.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class SlotsTest {
  private final Slots slots = new Slots(1);
  private final BlockingQueue<String> came = new LinkedBlockingQueue<>();

  /** Waits in the queue when this returns. */
  private Thread waits(String name, int priority) {
    Thread thread =
        new Thread(() -> {
          try {
            slots.acquire(priority);
            came.add(name);
          } catch (InterruptedException e) {
            came.add(name + " left");
          }
        });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void lowerPrioritiesComeFirstAndEqualOnesInTheirOrder() throws Exception {
    slots.acquire(0);
    List<Thread> threads = new ArrayList<>();
    threads.add(waits("late", 7));
    threads.add(waits("first", 0));
    threads.add(waits("second", 0));
    threads.add(waits("soon", -3));
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      slots.release();
      order.add(came.take());
    }
    assertEquals(List.of("soon", "first", "second", "late"), order);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void whoLeavesHoldsNobodyUp() throws Exception {
    slots.acquire(0);
    Thread left = waits("a", -1);
    Thread stays = waits("b", 0);
    left.interrupt();
    assertEquals("a left", came.take());
    slots.release();
    assertEquals("b", came.take());
    slots.release();
    slots.acquire(0);
    left.join();
    stays.join();
  }
}

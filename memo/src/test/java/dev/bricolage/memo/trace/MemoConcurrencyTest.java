package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many threads record and recall one key; what a thread recorded it finds, whoever writes. */
final class MemoConcurrencyTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 300;
  private static final Question RUN = new Question("run", "make");

  @Test
  void whatWasRecordedIsFoundWhileOthersRecord() throws Exception {
    MemoryNodes nodes = new MemoryNodes();
    TraceMemory shared = new TraceMemory(nodes);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int own = thread;
        TraceMemory memo = own % 2 == 0 ? shared : new TraceMemory(nodes);
        Callable<Integer> work =
            () -> {
              start.await();
              return work(memo, own);
            };
        futures.add(threads.submit(work));
      }
      int found = 0;
      for (Future<Integer> future : futures) {
        found += future.get();
      }
      assertEquals(2 * THREADS * ROUNDS, found);
    }
  }

  private static int work(TraceMemory memo, int thread) throws Exception {
    int found = 0;
    World first = world(thread, 0);
    for (int round = 0; round < ROUNDS; round++) {
      World world = world(thread, round);
      String value = thread + "/" + round;
      memo.record(new Trace(RUN, world.steps(asked(thread, round)), value));
      assertEquals(new Recall.Fits(value, 4), recalled(memo, world), value);
      assertEquals(new Recall.Fits(thread + "/0", 4), recalled(memo, first), value);
      found += 2;
    }
    return found;
  }

  private static Recall recalled(TraceMemory memo, World world) throws Exception {
    Recall.Fits fits =
        assertInstanceOf(Recall.Fits.class, memo.recall(RUN, Trace.Order.ANY, world));
    return new Recall.Fits(fits.value(), 4);
  }

  private static World world(int thread, int round) {
    return new World()
        .set("common", "1")
        .set("own" + thread, "x" + round % 7)
        .set("thread", "t" + thread)
        .set("round", "r" + round);
  }

  private static String[] asked(int thread, int round) {
    return round % 2 == 0
        ? new String[] {"common", "own" + thread, "thread", "round"}
        : new String[] {"round", "thread", "common", "own" + (thread + 1) % THREADS};
  }
}

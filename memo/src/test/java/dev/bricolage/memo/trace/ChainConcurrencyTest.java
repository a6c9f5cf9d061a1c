package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Many threads record and recall one key, each two of them the same traces. All go through the same
 * first rows, and write their own answers into them.
 */
final class ChainConcurrencyTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 300;
  private static final Question KEY = new Question("Parse", "main");

  @Test
  void whatWasRecordedIsFoundWhileOthersRecord() throws Exception {
    MemoryNodes nodes = new MemoryNodes();
    TraceMemory shared = new TraceMemory(nodes);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int own = thread / 2;
        TraceMemory memo = thread % 2 == 0 ? shared : new TraceMemory(nodes);
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

  private static int work(TraceMemory memo, int own) throws Exception {
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      World world = world(own, round);
      List<List<Step>> groups =
          List.of(world.steps("common"), world.steps("who", "when"), world.steps("by" + own));
      String value = own + "/" + round;
      assertEquals(Optional.empty(), memo.record(new Trace(KEY, Trace.Order.ASKED, groups, value)));
      found += recalls(memo, world, value) ? 1 : 0;
      found += recalls(memo, world(own, 0), own + "/0") ? 1 : 0;
    }
    return found;
  }

  private static boolean recalls(TraceMemory memo, World world, String value) throws Exception {
    return memo.recall(KEY, Trace.Order.ASKED, world).equals(new Recall.Fits(value, 4));
  }

  private static World world(int own, int round) {
    return new World()
        .set("common", "1")
        .set("who", "w" + own)
        .set("when", "r" + round)
        .set("by" + own, "yes");
  }
}

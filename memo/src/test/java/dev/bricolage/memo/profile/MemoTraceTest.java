package dev.bricolage.memo.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.engine.Memo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a real memo tells is drawn whole: each task once, nested, and nothing left open. */
final class MemoTraceTest {
  private record Input(int number) implements Key<Long> {}

  /** The sum of two below, down to the inputs. */
  private record Sum(int level, int number) implements Query<Long> {
    @Override
    public Long run(Fetch fetch) throws InterruptedException {
      if (level == 0) {
        return fetch.fetch(new Input(number)) + fetch.fetch(new Input(number + 1));
      }
      List<Sum> below = List.of(new Sum(level - 1, number), new Sum(level - 1, number + 1));
      return fetch.fetchAll(below).stream().mapToLong(Long::longValue).sum();
    }
  }

  /** A chain so deep that it goes over several threads, the lowest of which waits for a signal. */
  private record Deep(int depth, Signals signals) implements Query<Long> {
    @Override
    public Long run(Fetch fetch) throws InterruptedException {
      if (depth == 0) {
        signals.reached.countDown();
        signals.released.await();
        return fetch.fetch(new Input(0));
      }
      return fetch.fetch(new Deep(depth - 1, signals)) + 1;
    }

    @Override
    public String toString() {
      return "deep " + depth;
    }
  }

  private static final class Signals {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
  }

  private final StringBuilder text = new StringBuilder();
  private final ChromeTrace trace = ChromeTrace.to(text);
  private final AtomicLong ran = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();
  private final Memo memo = Memo.builder().slots(4).listener(this::hear).open();

  private void hear(Event event) {
    trace.accept(event);
    if (event instanceof Event.Started) {
      ran.incrementAndGet();
    } else if (event instanceof Event.Waiting) {
      waited.incrementAndGet();
    }
  }

  private void set(int inputs, long value) throws InterruptedException {
    memo.edit(edit -> {
      for (int i = 0; i < inputs; i++) {
        edit.set(new Input(i), value);
      }
    });
  }

  private DrawnTrace drawn() throws Exception {
    trace.close();
    DrawnTrace drawn = DrawnTrace.of(text.toString());
    assertEquals(ran.get(), drawn.slices().stream().filter(MemoTraceTest::isTask).count());
    assertEquals(waited.get(), drawn.slices().stream().filter(slice -> !isTask(slice)).count());
    return drawn;
  }

  private static boolean isTask(DrawnTrace.Drawn slice) {
    return slice.category().equals("task");
  }

  @Test
  void aGraphThatManyAskForAtOnce() throws Exception {
    set(20, 1);
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i % 4;
      askers.add(Thread.ofVirtual().start(() -> ask(new Sum(12, number))));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    set(3, 2);
    ask(new Sum(12, 0));
    DrawnTrace drawn = drawn();
    assertEquals(1, drawn.marks("revision 3").size());
    assertTrue(drawn.slices().stream().noneMatch(slice -> slice.args().has("unfinished")));
  }

  private void ask(Key<Long> key) {
    try {
      var _ = memo.get(key);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ends of cancelled tasks are told by whoever tidies up, not always by who ran them. */
  @Test
  void aDeepChainThatIsCancelledLeavesNothingOpen() throws Exception {
    set(1, 1);
    Signals signals = new Signals();
    Thread editor =
        Thread.ofVirtual()
            .start(() -> {
              try {
                signals.reached.await();
                set(1, 2);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThrows(Superseded.class, () -> memo.get(new Deep(1000, signals)));
    editor.join();
    DrawnTrace drawn = drawn();
    assertEquals(1001, drawn.slices().size());
    for (DrawnTrace.Drawn slice : drawn.slices()) {
      assertEquals("{\"cancelled\":true}", slice.args().toString(), slice.name());
    }
    assertTrue(drawn.names().size() > 2, "it went over one thread only");
  }
}

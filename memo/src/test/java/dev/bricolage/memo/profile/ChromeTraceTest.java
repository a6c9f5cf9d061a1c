package dev.bricolage.memo.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChromeTraceTest {
  private record Named(String name) implements Key<String> {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Rude() implements Key<String> {
    @Override
    public String toString() {
      throw new IllegalStateException("no text today");
    }
  }

  private static final Named A = new Named("a");
  private static final Named B = new Named("b");

  private static Event ran(Key<?> key) {
    return new Event.Ran(key, Duration.ZERO, false, false);
  }

  /** What is written when these are heard on a thread called {@code main}. */
  private static String written(Event... events) throws Exception {
    StringBuilder text = new StringBuilder();
    AtomicLong clock = new AtomicLong();
    ChromeTrace trace = new ChromeTrace(text, () -> clock.getAndAdd(1_500));
    Thread thread =
        Thread.ofPlatform()
            .name("main")
            .start(() -> {
              for (Event event : events) {
                trace.accept(event);
              }
            });
    thread.join();
    trace.close();
    return text.toString().replace("\"tid\":" + thread.threadId(), "\"tid\":7");
  }

  @Test
  void everyByteOfASmallTrace() throws Exception {
    String text =
        written(
            new Event.Revised(2, List.of(A)),
            new Event.Started(A),
            new Event.Waiting(B),
            new Event.Resumed(B),
            new Event.Ran(A, Duration.ZERO, true, true));
    assertEquals(
        """
        [
        {"ph":"M","name":"thread_name","pid":1,"tid":7,"ts":0.000,"args":{"name":"main"}},
        {"ph":"i","name":"revision 2","pid":1,"tid":7,"ts":1.500,"s":"g","args":{"changes":1,"changed":["a"]}},
        {"ph":"B","name":"a","pid":1,"tid":7,"ts":3.000,"cat":"task"},
        {"ph":"B","name":"wait for b","pid":1,"tid":7,"ts":4.500,"cat":"wait"},
        {"ph":"E","name":"wait for b","pid":1,"tid":7,"ts":6.000,"cat":"wait"},
        {"ph":"E","name":"a","pid":1,"tid":7,"ts":7.500,"cat":"task","args":{"cut off":true,"failed":true}}
        ]
        """,
        text);
  }

  @Test
  void nothingHeardIsAnEmptyArray() throws Exception {
    assertEquals("[]\n", written());
  }

  @Test
  void marksSayWhatTheyKnow() throws Exception {
    Recall.Difference difference =
        new Recall.Difference(new Question("stat", "x.c"), "absent", "folder");
    String text =
        written(
            new Event.Verified(A),
            new Event.Recalled(A, 3),
            new Event.Missed(A, new Recall.FirstTime()),
            new Event.Missed(B, new Recall.Differs(List.of(difference))),
            new Event.Recorded(A),
            new Event.Forgotten(A, "it asked the clock"),
            new Event.NotAFunction(A),
            new Event.StoreFailed(A, new IOException("disk full")),
            new Event.Evicted(A));
    DrawnTrace drawn = DrawnTrace.of(text);
    assertEquals("{\"key\":\"a\"}", args(drawn, "verified", 0));
    assertEquals("{\"key\":\"a\",\"questions\":3}", args(drawn, "recalled", 0));
    assertEquals(
        "{\"key\":\"a\",\"reason\":\"no trace was ever recorded\"}", args(drawn, "missed", 0));
    assertEquals(
        "{\"key\":\"b\",\"differences\":1,\"differs\":[\"x.c: absent -> folder\"]}",
        args(drawn, "missed", 1));
    assertEquals("{\"key\":\"a\"}", args(drawn, "recorded", 0));
    assertEquals("{\"key\":\"a\",\"reason\":\"it asked the clock\"}", args(drawn, "forgotten", 0));
    assertEquals("{\"key\":\"a\"}", args(drawn, "not a function", 0));
    assertEquals(
        "{\"key\":\"a\",\"cause\":\"java.io.IOException: disk full\"}",
        args(drawn, "store failed", 0));
    assertEquals("{\"key\":\"a\"}", args(drawn, "evicted", 0));
  }

  private static String args(DrawnTrace drawn, String name, int index) {
    return drawn.marks(name).get(index).getAsJsonObject("args").toString();
  }

  @Test
  void ofManyChangesSomeAreShownAndAllAreCounted() throws Exception {
    List<Key<?>> keys = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> keys.add(new Named("k" + i)));
    DrawnTrace drawn = DrawnTrace.of(written(new Event.Revised(1, keys)));
    JsonObject args = drawn.marks("revision 1").getFirst().getAsJsonObject("args");
    assertEquals(1000, args.get("changes").getAsInt());
    assertEquals(20, args.getAsJsonArray("changed").size());
  }

  @Test
  void namesOfAnySortAreStrictJson() throws Exception {
    String odd = "\"quoted\" \\ \n\r\t\u0001 é \uD83D\uDE00 half \uD83D ";
    DrawnTrace drawn =
        DrawnTrace.of(written(new Event.Started(new Named(odd)), ran(new Named(odd))));
    assertEquals(
        "\"quoted\" \\ \n\r\t\u0001 é \uD83D\uDE00 half \uFFFD ", drawn.slices().getFirst().name());
  }

  @Test
  void aKeyWithoutTextIsNamedByItsClass() throws Exception {
    DrawnTrace drawn = DrawnTrace.of(written(new Event.Started(new Rude()), ran(new Rude())));
    assertEquals(
        "Rude (its text failed: java.lang.IllegalStateException: no text today)",
        drawn.slices().getFirst().name());
  }

  @Test
  void longNamesAreCut() throws Exception {
    Named key = new Named("x".repeat(10_000));
    DrawnTrace drawn = DrawnTrace.of(written(new Event.Started(key), ran(key)));
    assertEquals("x".repeat(255) + "…", drawn.slices().getFirst().name());
  }

  /** A task is cancelled while it waits: nobody says that the wait is over. */
  @Test
  void theEndOfATaskEndsWhatIsOpenInIt() throws Exception {
    DrawnTrace drawn =
        DrawnTrace.of(written(new Event.Started(A), new Event.Waiting(B), new Event.Cancelled(A)));
    assertEquals(
        List.of("wait for b", "a"), drawn.slices().stream().map(DrawnTrace.Drawn::name).toList());
    assertEquals("{\"cancelled\":true}", drawn.slices().getLast().args().toString());
  }

  @Test
  void whatIsOpenWhenTheTraceIsClosedIsCalledUnfinished() throws Exception {
    DrawnTrace drawn = DrawnTrace.of(written(new Event.Started(A), new Event.Waiting(B)));
    assertEquals(2, drawn.slices().size());
    for (DrawnTrace.Drawn slice : drawn.slices()) {
      assertEquals("{\"unfinished\":true}", slice.args().toString());
    }
  }

  @Test
  void anEndWithoutABeginningIsAMark() throws Exception {
    DrawnTrace drawn = DrawnTrace.of(written(ran(A), new Event.Resumed(B)));
    assertEquals(1, drawn.marks("end of a").size());
    assertEquals(1, drawn.marks("end of wait for b").size());
  }

  @Test
  void bytesAreUtf8AndTheStreamIsLeftOpen() throws Exception {
    boolean[] closed = {false};
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    ChromeTrace trace = ChromeTrace.to(bytes);
    Named key = new Named("é");
    trace.accept(new Event.Started(key));
    trace.accept(ran(key));
    trace.close();
    assertEquals(
        "é", DrawnTrace.of(bytes.toString(StandardCharsets.UTF_8)).slices().getFirst().name());
    assertTrue(!closed[0]);
  }

  @Test
  void whatComesAfterTheEndIsDropped() throws Exception {
    StringBuilder text = new StringBuilder();
    ChromeTrace trace = ChromeTrace.to(text);
    trace.close();
    trace.accept(new Event.Verified(A));
    trace.close();
    assertEquals("[]\n", text.toString());
  }

  @Test
  void aFullDiskDisturbsNobodyAndIsToldAtTheEnd() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    ChromeTrace trace = ChromeTrace.to(full);
    for (int i = 0; i < 10_000; i++) {
      trace.accept(new Event.Verified(A));
    }
    IOException told = assertThrows(IOException.class, trace::close);
    assertEquals("the trace is not whole: no space left", told.getMessage());
  }

  /** Random nests of tasks and waits on 200 threads at once: all is there, and it nests. */
  @Test
  void manyThreadsAtOnceNestEachOnItsOwnTrack() throws Exception {
    StringBuilder text = new StringBuilder();
    ChromeTrace trace = ChromeTrace.to(text);
    List<Thread> threads = new ArrayList<>();
    AtomicLong tasks = new AtomicLong();
    AtomicLong waits = new AtomicLong();
    for (int i = 0; i < 200; i++) {
      Random dice = new Random(i);
      Runnable play =
          () -> {
            trace.accept(new Event.Verified(A)); // so that every thread is heard of
            nest(trace, dice, 0, tasks, waits);
          };
      threads.add(i % 4 == 0 ? Thread.ofPlatform().start(play) : Thread.ofVirtual().start(play));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    trace.close();
    DrawnTrace drawn = DrawnTrace.of(text.toString());
    assertEquals(200, drawn.names().size());
    assertEquals(
        tasks.get(), drawn.slices().stream().filter(s -> s.category().equals("task")).count());
    assertEquals(
        waits.get(), drawn.slices().stream().filter(s -> s.category().equals("wait")).count());
    assertTrue(drawn.slices().stream().anyMatch(slice -> slice.depth() > 3));
  }

  private static void nest(
      ChromeTrace trace, Random dice, int depth, AtomicLong tasks, AtomicLong waits) {
    for (int i = 0; i < 3; i++) {
      Named key = new Named("k" + dice.nextInt(50));
      if (dice.nextInt(4) == 0) {
        trace.accept(new Event.Waiting(key));
        trace.accept(new Event.Resumed(key));
        waits.incrementAndGet();
      }
      if (depth < 6 && dice.nextBoolean()) {
        trace.accept(new Event.Started(key));
        nest(trace, dice, depth + 1, tasks, waits);
        trace.accept(ran(key));
        tasks.incrementAndGet();
      }
    }
  }
}

package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * With a thousand traces of a thousand steps a hit costs at most twice what it costs with one: not
 * in time, which a busy machine would make a coin toss, but in questions asked and nodes read.
 */
final class MemoFlatnessTest {
  private static final int TRACES = 1_000;
  private static final int STEPS = 1_000;
  private static final int SMALL = 8;
  private static final Question RUN = new Question("run", "make");

  private record Cost(int questions, int reads, int warmReads) {}

  /** The world of the i-th trace, and what its run asks there, in the order of the paths. */
  private record Past(World world, List<String> asked) {
    Trace trace(String value) {
      return new Trace(RUN, world.steps(asked.toArray(String[]::new)), value);
    }
  }

  private static Past past(int differing, String answer, List<String> extra) {
    World world = new World();
    List<String> asked = new ArrayList<>(extra);
    extra.forEach(subject -> world.set(subject, "there"));
    for (int i = 0; i < STEPS - extra.size(); i++) {
      String subject = "src/file%04d.c".formatted(i);
      world.set(subject, i == differing ? answer : "content " + "0123456789abcdef".repeat(4) + i);
      asked.add(subject);
    }
    return new Past(world, asked);
  }

  private static void flat(String name, IntFunction<Past> pasts) throws Exception {
    Shelf one = new Shelf();
    new TraceMemory(one).record(pasts.apply(0).trace("v0"));
    Cost single = cost(one, pasts.apply(0), "v0");
    Shelf many = new Shelf();
    TraceMemory memo = new TraceMemory(many);
    for (int i = 0; i < TRACES; i++) {
      memo.record(pasts.apply(i).trace("v" + i));
    }
    long further = (many.bytes() - one.bytes()) / (TRACES - 1);
    System.out.printf(
        "memo flatness, %s: one trace %s, %d bytes; each further trace %d bytes%n",
        name, single, one.bytes(), further);
    for (int i : new int[] {0, 1, TRACES / 2, TRACES - 1}) {
      Cost cost = cost(many, pasts.apply(i), "v" + i);
      System.out.printf("memo flatness, %s: trace %d of %d %s%n", name, i, TRACES, cost);
      assertTrue(cost.questions() <= 2 * single.questions(), name + " " + cost);
      assertTrue(cost.reads() <= 2 * single.reads() + SMALL, name + " " + cost);
      assertTrue(cost.warmReads() <= 2 * single.warmReads() + SMALL, name + " " + cost);
    }
  }

  /** Of a first recall, with nothing in memory, and of a second. */
  private static Cost cost(Shelf shelf, Past past, String value) throws Exception {
    TraceMemory memo = new TraceMemory(shelf);
    shelf.reads = 0;
    past.world().asked = 0;
    Recall.Fits fits =
        assertInstanceOf(Recall.Fits.class, memo.recall(RUN, Trace.Order.ANY, past.world()));
    assertEquals(value, fits.value());
    int questions = past.world().asked;
    int reads = shelf.reads;
    shelf.reads = 0;
    var _ = memo.recall(RUN, Trace.Order.ANY, past.world());
    return new Cost(questions, reads, shelf.reads);
  }

  @Test
  void oneStepDiffers() throws Exception {
    flat("one step differs", i -> past(500, "content " + i, List.of()));
  }

  @Test
  void eachDiffersInAnotherStep() throws Exception {
    flat("each differs in another step", i -> past(i - 1, "changed " + i, List.of()));
  }

  @Test
  void eachHasAQuestionOfItsOwnBeforeTheStepThatDiffers() throws Exception {
    flat(
        "each has a question of its own",
        i -> past(500, "content " + i, List.of("include/only%04d.h".formatted(i))));
  }

  @Test
  void aMissIsFlatToo() throws Exception {
    Shelf many = new Shelf();
    TraceMemory memo = new TraceMemory(many);
    for (int i = 0; i < TRACES; i++) {
      memo.record(past(500, "content " + i, List.of()).trace("v" + i));
    }
    World now = past(500, "never seen", List.of()).world();
    many.reads = 0;
    Recall.Differs differs =
        assertInstanceOf(
            Recall.Differs.class, new TraceMemory(many).recall(RUN, Trace.Order.ANY, now));
    assertEquals(
        List.of("src/file0500.c: content 999 -> never seen"),
        differs.differences().stream().map(Recall.Difference::toString).toList());
    assertTrue(now.asked <= STEPS, "asked " + now.asked);
    assertTrue(many.reads <= STEPS + 2 * SMALL, "read " + many.reads);
  }

  /**
   * The limit: traces that contradict each other nowhere have nothing that could tell which of them
   * fits but their own questions, one each. A question more and a few reads each is all they cost.
   */
  @Test
  void tracesThatContradictEachOtherNowhereCostOneQuestionEach() throws Exception {
    Shelf many = new Shelf();
    TraceMemory memo = new TraceMemory(many);
    int traces = 100;
    IntFunction<Past> pasts = i -> past(-1, "", List.of("include/only%04d.h".formatted(i)));
    for (int i = 0; i < traces; i++) {
      memo.record(pasts.apply(i).trace("v" + i));
    }
    Cost first = cost(many, pasts.apply(0), "v0");
    Cost last = cost(many, pasts.apply(traces - 1), "v" + (traces - 1));
    System.out.println("memo flatness, the limit: first " + first + ", last " + last);
    assertEquals(STEPS, first.questions());
    assertEquals(STEPS + traces - 1, last.questions());
    assertTrue(last.warmReads() <= 4 * traces, "read " + last);
  }
}

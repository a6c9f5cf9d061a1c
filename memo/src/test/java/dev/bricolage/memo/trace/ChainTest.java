package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Traces that ask step by step. In these tests {@code "a b"} is a group of two questions. */
final class ChainTest {
  private static final Question KEY = new Question("Parse", "main");

  private final Shelf shelf = new Shelf();
  private final TraceMemory memo = new TraceMemory(shelf);

  private static World world(String... subjectsAndAnswers) {
    World world = new World();
    for (int i = 0; i < subjectsAndAnswers.length; i += 2) {
      world.set(subjectsAndAnswers[i], subjectsAndAnswers[i + 1]);
    }
    return world;
  }

  private static Trace trace(World world, String value, String... groups) {
    List<List<Step>> steps =
        Arrays.stream(groups)
            .map(group -> group.isEmpty() ? List.<Step>of() : world.steps(group.split(" ")))
            .toList();
    return new Trace(KEY, Trace.Order.ASKED, steps, value);
  }

  private Optional<String> record(World world, String value, String... groups) {
    return memo.record(trace(world, value, groups));
  }

  private Recall recall(View view) throws IOException, InterruptedException {
    return memo.recall(KEY, Trace.Order.ASKED, view);
  }

  private List<String> told(World world) throws Exception {
    Recall.Differs differs = assertInstanceOf(Recall.Differs.class, recall(world));
    return differs.differences().stream().map(Recall.Difference::toString).toList();
  }

  @Test
  void theFirstTimeThereIsNothing() throws Exception {
    assertEquals(new Recall.FirstTime(), recall(world()));
  }

  @Test
  void theSameAnswersFit() throws Exception {
    World world = world("a", "1", "b", "2", "c", "3");
    record(world, "v", "a", "b c");
    world.asked = 0;
    assertEquals(new Recall.Fits("v", 3), recall(world));
    assertEquals(3, world.asked);
  }

  @Test
  void aTaskThatAsksNothingAlwaysFits() throws Exception {
    record(world(), "v");
    assertEquals(new Recall.Fits("v", 0), recall(world("a", "1")));
  }

  @Test
  void anotherKeyIsNoneOfOurs() throws Exception {
    record(world("a", "1"), "v", "a");
    for (Question other : List.of(new Question("Parse", "mai"), new Question("Parsem", "ain"))) {
      assertEquals(new Recall.FirstTime(), memo.recall(other, Trace.Order.ASKED, world("a", "1")));
    }
    assertEquals(new Recall.FirstTime(), memo.recall(KEY, Trace.Order.ANY, world("a", "1")));
  }

  @Test
  void whatIsAskedDependsOnAnswersAndNothingElseIsAsked() throws Exception {
    World file = world("kind", "file", "text", "x");
    World folder = world("kind", "folder", "names", "a b");
    record(file, "from text", "kind", "text");
    record(folder, "from names", "kind", "names");
    for (World world : List.of(file, folder)) {
      world.asked = 0;
    }
    assertEquals(new Recall.Fits("from text", 2), recall(file));
    assertEquals(new Recall.Fits("from names", 2), recall(folder));
    assertEquals(2, file.asked);
    assertEquals(2, folder.asked);
    World neither = world("kind", "link");
    assertEquals(List.of("kind: folder -> link"), told(neither));
    assertEquals(1, neither.asked);
  }

  @Test
  void whatDiffersIsToldOfTheGroupThatPartsAgainstItsNewestAnswers() throws Exception {
    record(world("a", "1", "b", "2", "c", "3"), "v", "a", "b c");
    assertEquals(List.of("a: 1 -> 9"), told(world("a", "9", "b", "9")));
    assertEquals(List.of("b: 2 -> 8", "c: 3 -> 9"), told(world("a", "1", "b", "8", "c", "9")));
    record(world("a", "1", "b", "2", "c", "4"), "w", "a", "b c");
    assertEquals(List.of("c: 4 -> 9"), told(world("a", "1", "b", "2", "c", "9")));
  }

  @Test
  void theOrderInAGroupMeansNothing() throws Exception {
    World world = world("a", "1", "b", "2", "c", "3");
    record(world, "v", "c a b");
    assertEquals(Optional.of("v"), record(world, "w", "b c a"));
    assertEquals(new Recall.Fits("w", 3), recall(world));
  }

  @Test
  void whatWasAskedBeforeIsNotAskedAgain() throws Exception {
    World world = world("a", "1", "b", "2");
    record(world, "v", "a a", "", "a b", "b");
    world.asked = 0;
    assertEquals(new Recall.Fits("v", 2), recall(world));
    assertEquals(2, world.asked);
    assertEquals(Optional.of("v"), record(world, "w", "a", "b"));
  }

  @Test
  void aTaskThatWasAnsweredTwoWaysIsNotRemembered() throws Exception {
    List<List<Step>> groups = List.of(world("a", "1").steps("a"), world("a", "2").steps("a"));
    assertEquals(Optional.empty(), memo.record(new Trace(KEY, Trace.Order.ASKED, groups, "v")));
    assertEquals(new Recall.FirstTime(), recall(world("a", "1")));
    assertEquals(0, shelf.size());
  }

  @Test
  void whatHasNoAnswerIsNeverRecordedAndNeverFits() throws Exception {
    World none = world("a", "1", "b", View.UNANSWERABLE);
    for (Trace.Order order : Trace.Order.values()) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Trace(KEY, order, List.of(none.steps("a", "b")), "v"));
      assertEquals(
          "a trace cannot hold what had no answer: content b, asked by Parse main",
          refused.getMessage());
    }
    record(world("a", "1", "b", "2"), "v", "a", "b");
    assertEquals(List.of("b: 2 -> ?"), told(none));
    assertEquals(List.of("a: 1 -> ?"), told(world("a", View.UNANSWERABLE)));
  }

  @Test
  void goingBackToOldAnswersFitsAgain() throws Exception {
    for (int i = 0; i < 10; i++) {
      record(world("a", "1", "b", "n" + i, "c", "3"), "v" + i, "a", "b", "c");
    }
    for (int i = 0; i < 10; i++) {
      assertEquals(new Recall.Fits("v" + i, 3), recall(world("a", "1", "b", "n" + i, "c", "3")));
    }
  }

  @Test
  void tracesShareTheirRowsUpToWhereTheyPart() {
    record(world("a", "1", "b", "2", "c", "3"), "v", "a", "b", "c");
    assertEquals(4, shelf.size());
    shelf.writes = 0;
    record(world("a", "1", "b", "2", "c", "3"), "v", "a", "b", "c");
    assertEquals(0, shelf.writes);
    record(world("a", "1", "b", "2", "c", "4"), "w", "a", "b", "c");
    assertEquals(5, shelf.size());
    assertEquals(2, shelf.writes, "the new value, and the newest answers before it");
    record(world("a", "1", "b", "9", "c", "3"), "x", "a", "b", "c");
    assertEquals(7, shelf.size());
    record(world("a", "9", "b", "9", "c", "3"), "y", "a", "b", "c");
    assertEquals(10, shelf.size());
  }

  @Test
  void anotherMemoOverTheSameNodesRecalls() throws Exception {
    World world = world("a", "1", "b", "2");
    record(world, "v", "a", "b");
    assertEquals(
        new Recall.Fits("v", 2), new TraceMemory(shelf).recall(KEY, Trace.Order.ASKED, world));
  }

  @Test
  void anotherValueForTheSameAnswersIsToldAndTheNewestCounts() throws Exception {
    World world = world("a", "1");
    assertEquals(Optional.empty(), record(world, "v", "a"));
    assertEquals(Optional.empty(), record(world, "v", "a"));
    assertEquals(Optional.of("v"), record(world, "w", "a"));
    assertEquals(new Recall.Fits("w", 1), recall(world));
  }

  @Test
  void ofATaskThatAsksOtherwiseTheNewestRunCounts() throws Exception {
    World world = world("a", "1", "b", "1", "c", "1");
    assertEquals(Optional.empty(), record(world, "by b", "a", "b"));
    assertEquals(Optional.empty(), record(world, "by c", "a", "c"));
    assertEquals(new Recall.Fits("by c", 2), recall(world));
    assertEquals(List.of("c: 1 -> 2"), told(world("a", "1", "b", "1", "c", "2")));
    record(world("a", "1", "b", "2"), "by another b", "a", "b");
    assertEquals(new Recall.Fits("by b", 2), recall(world), "the old way is gone again");
  }

  /** The values that b had led to are not those of the same answers to c. */
  @Test
  void ofATaskThatAsksOtherwiseTheAnswersAreNotMixedUp() throws Exception {
    record(world("a", "1", "b", "yes"), "b says yes", "a", "b");
    record(world("a", "1", "c", "no"), "c says no", "a", "c");
    assertEquals(List.of("c: no -> yes"), told(world("a", "1", "b", "yes", "c", "yes")));
  }

  @Test
  void aTaskThatAsksOnWhereItHadAValueIsTold() throws Exception {
    World world = world("a", "1", "b", "2");
    record(world, "short", "a");
    assertEquals(Optional.of("short"), record(world, "long", "a", "b"));
    assertEquals(new Recall.Fits("long", 2), recall(world));
    assertEquals(Optional.empty(), record(world, "short", "a"), "no value stood at just these");
    assertEquals(new Recall.Fits("short", 1), recall(world));
    assertEquals(Optional.empty(), record(world, "short", "a", "b c"), "the same value");
    assertEquals(new Recall.Fits("short", 3), recall(world));
  }

  @Test
  void aLostRowIsAMissThatSaysSo() throws Exception {
    World world = world("a", "1", "b", "2");
    Shelf before = new Shelf();
    new TraceMemory(before).record(trace(world("a", "1", "b", "9"), "v", "a", "b"));
    record(world, "v", "a", "b");
    shelf.loseWhatIsNotIn(before);
    assertEquals(2, shelf.size());
    assertEquals(List.of("b: 2 -> 2, but what followed is lost"), told(world));
    assertEquals(Optional.empty(), record(world, "v", "a", "b"));
    assertEquals(new Recall.Fits("v", 2), recall(world));
  }

  @Test
  void textsOfAnyKindAreKept() throws Exception {
    String odd = "\u0000 \ud83d\ude00 \uffff\n";
    List<List<Step>> asked = List.of(List.of(new Step(World.question(odd), odd)));
    memo.record(new Trace(new Question(odd, odd), Trace.Order.ASKED, asked, odd));
    assertEquals(
        new Recall.Fits(odd, 1),
        memo.recall(new Question(odd, odd), Trace.Order.ASKED, world(odd, odd)));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> record(world("a", "\ud800"), "v", "a"));
    assertEquals("not a text that UTF-8 can hold: \ud800", refused.getMessage());
  }

  @Test
  void aViewThatFailsIsTold() {
    record(world("a", "1"), "v", "a");
    IOException told =
        assertThrows(
            IOException.class,
            () ->
                recall(questions -> {
                  throw new IOException("no such disk");
                }));
    assertEquals("no such disk", told.getMessage());
  }

  /** Written by hand, after docs/formats/trace.md: old rows are lost when this must be changed. */
  @Test
  void rowsAreAsTheirFormatSays() {
    record(world("a", "1"), "v", "a");
    byte[] step = join(text("content"), text("a"), text("1"));
    byte[] turn = join(new byte[] {0, 0, 0, 1}, step);
    byte[] first = hash(join(bytes("k"), text("Parse"), text("main")));
    byte[] last = hash(join(bytes("s"), first, turn));
    assertEquals(2, shelf.size());
    assertRow(first, join(bytes("a"), turn));
    assertRow(last, join(bytes("v"), text("v")));
  }

  private void assertRow(byte[] state, byte[] body) {
    assertArrayEquals(
        join(new byte[] {1}, hash(join(state, body)), body),
        shelf.get(join(bytes("d"), state)).orElseThrow());
  }

  private static byte[] text(String text) {
    byte[] utf8 = bytes(text);
    return join(ByteBuffer.allocate(4).putInt(utf8.length).array(), utf8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hash(byte[] bytes) {
    return Digest.of(bytes).hash();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** In node reads, not in time, which a busy machine would make a coin toss. */
  @Test
  void oneOfAThousandTracesIsFoundAsFastAsTheOnlyOne() throws Exception {
    int steps = 50;
    for (int parting : new int[] {0, 25, 49}) {
      Shelf many = new Shelf();
      TraceMemory memo = new TraceMemory(many);
      List<World> worlds = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        World world = steps(steps).set("s" + parting, "n" + i);
        worlds.add(world);
        memo.record(trace(world, "v" + i, asked(steps)));
      }
      for (int i : new int[] {0, 1, 500, 999}) {
        many.reads = 0;
        assertEquals(
            new Recall.Fits("v" + i, steps), memo.recall(KEY, Trace.Order.ASKED, worlds.get(i)));
        assertEquals(steps + 1, many.reads);
      }
      many.reads = 0;
      assertInstanceOf(
          Recall.Differs.class,
          memo.recall(KEY, Trace.Order.ASKED, steps(steps).set("s" + parting, "never seen")));
      assertEquals(parting + 2, many.reads);
      System.out.printf(
          "chain flatness: 1000 traces of %d that part at %d: %d rows, %d bytes a trace%n",
          steps, parting, many.size(), many.bytes() / 1_000);
    }
  }

  private static World steps(int count) {
    World world = new World();
    for (int i = 0; i < count; i++) {
      world.set("s" + i, "content " + i);
    }
    return world;
  }

  private static String[] asked(int count) {
    String[] asked = new String[count];
    Arrays.setAll(asked, i -> "s" + i);
    return asked;
  }
}

package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MemoTest {
  private static final Question RUN = new Question("run", "make");

  private final TraceMemory memo = new TraceMemory(new MemoryNodes());

  private void record(World world, String value, String... asked) {
    memo.record(new Trace(RUN, world.steps(asked), value));
  }

  private static World world(String... subjectsAndAnswers) {
    World world = new World();
    for (int i = 0; i < subjectsAndAnswers.length; i += 2) {
      world.set(subjectsAndAnswers[i], subjectsAndAnswers[i + 1]);
    }
    return world;
  }

  private static List<String> told(Recall recall) {
    Recall.Differs differs = assertInstanceOf(Recall.Differs.class, recall);
    return differs.differences().stream().map(Recall.Difference::toString).toList();
  }

  @Test
  void theFirstTimeThereIsNothing() throws Exception {
    assertEquals(new Recall.FirstTime(), memo.recall(RUN, Trace.Order.ANY, world()));
  }

  @Test
  void anotherKeyIsNoneOfOurs() throws Exception {
    record(world("a", "1"), "v", "a");
    Question other = new Question("run", "make all");
    assertEquals(new Recall.FirstTime(), memo.recall(other, Trace.Order.ANY, world("a", "1")));
    Question otherKind = new Question("runm", "ake");
    assertEquals(new Recall.FirstTime(), memo.recall(otherKind, Trace.Order.ANY, world("a", "1")));
  }

  @Test
  void theSameAnswersFitAndEachQuestionIsAskedOnce() throws Exception {
    World world = world("a", "1", "b", "2");
    record(world, "v", "a", "b", "a");
    assertEquals(new Recall.Fits("v", 2), memo.recall(RUN, Trace.Order.ANY, world));
    assertEquals(2, world.asked);
  }

  @Test
  void aRunThatAsksNothingAlwaysFits() throws Exception {
    record(world(), "v");
    assertEquals(new Recall.Fits("v", 0), memo.recall(RUN, Trace.Order.ANY, world("a", "1")));
  }

  @Test
  void whatWasNeverAskedDoesNotMatter() throws Exception {
    record(world("a", "1"), "v", "a");
    assertEquals(
        new Recall.Fits("v", 1), memo.recall(RUN, Trace.Order.ANY, world("a", "1", "b", "9")));
  }

  @Test
  void allDifferencesAreTold() throws Exception {
    record(world("a", "1", "b", "2", "c", "3"), "v", "a", "b", "c");
    assertEquals(
        List.of("a: 1 -> 9", "c: 3 -> absent"),
        told(memo.recall(RUN, Trace.Order.ANY, world("a", "9", "b", "2"))));
  }

  @Test
  void amongEquallyNearTracesTheNewestIsTold() throws Exception {
    record(world("main.c", "1", "x.h", "1"), "v1", "main.c", "x.h");
    record(world("main.c", "2", "x.h", "1"), "v2", "main.c", "x.h");
    record(world("main.c", "3", "x.h", "1"), "v3", "main.c", "x.h");
    assertEquals(
        List.of("main.c: 3 -> 4"),
        told(memo.recall(RUN, Trace.Order.ANY, world("main.c", "4", "x.h", "1"))));
    record(world("main.c", "2", "x.h", "1"), "v2", "main.c", "x.h");
    assertEquals(
        List.of("main.c: 2 -> 4"),
        told(memo.recall(RUN, Trace.Order.ANY, world("main.c", "4", "x.h", "1"))));
  }

  @Test
  void aNearerTraceIsToldRatherThanTheNewest() throws Exception {
    record(world("a", "1", "b", "1", "c", "1"), "v1", "a", "b", "c");
    record(world("a", "2", "b", "2", "c", "2"), "v2", "a", "b", "c");
    assertEquals(
        List.of("c: 1 -> 3"),
        told(memo.recall(RUN, Trace.Order.ANY, world("a", "1", "b", "1", "c", "3"))));
    assertEquals(
        List.of("c: 2 -> 3"),
        told(memo.recall(RUN, Trace.Order.ANY, world("a", "2", "b", "2", "c", "3"))));
  }

  @Test
  void goingBackToOldAnswersFitsAgain() throws Exception {
    World one = world("a", "1", "b", "1");
    World two = world("a", "1", "b", "2");
    World three = world("a", "3", "b", "2");
    record(one, "v1", "a", "b");
    record(two, "v2", "a", "b");
    record(three, "v3", "a", "b");
    assertEquals(new Recall.Fits("v1", 2), memo.recall(RUN, Trace.Order.ANY, one));
    assertEquals(new Recall.Fits("v2", 2), memo.recall(RUN, Trace.Order.ANY, two));
    assertEquals(new Recall.Fits("v3", 2), memo.recall(RUN, Trace.Order.ANY, three));
  }

  @Test
  void theNextQuestionMayDependOnAnAnswer() throws Exception {
    World withHeader = world("main.c", "includes x.h", "x.h", "1");
    World without = world("main.c", "includes nothing");
    record(without, "without", "main.c");
    record(withHeader, "with", "main.c", "x.h");
    assertEquals(new Recall.Fits("with", 2), memo.recall(RUN, Trace.Order.ANY, withHeader));
    assertEquals("without", ((Recall.Fits) memo.recall(RUN, Trace.Order.ANY, without)).value());
    assertEquals(
        List.of("x.h: 1 -> 2"),
        told(memo.recall(RUN, Trace.Order.ANY, world("main.c", "includes x.h", "x.h", "2"))));
  }

  @Test
  void aTraceMayBePartOfAnother() throws Exception {
    record(world("a", "1", "b", "2"), "long", "a", "b");
    record(world("a", "1"), "short", "a");
    assertEquals(
        "short", ((Recall.Fits) memo.recall(RUN, Trace.Order.ANY, world("a", "1"))).value());
    assertEquals(
        "long",
        ((Recall.Fits) memo.recall(RUN, Trace.Order.ANY, world("a", "1", "b", "2"))).value());
    assertEquals(
        List.of("a: 1 -> 2"), told(memo.recall(RUN, Trace.Order.ANY, world("a", "2", "b", "2"))));
  }

  @Test
  void aTraceMayGoOnWhereAnotherEnds() throws Exception {
    record(world("a", "1"), "short", "a");
    record(world("a", "1", "b", "2"), "long", "a", "b");
    assertEquals(
        "short",
        ((Recall.Fits) memo.recall(RUN, Trace.Order.ANY, world("a", "1", "b", "3"))).value());
  }

  @Test
  void differentQuestionsAtTheSamePlaceAreAllTried() throws Exception {
    for (int i = 0; i < 5; i++) {
      record(world("a", "1", "q" + i, "yes"), "v" + i, "a", "q" + i);
    }
    for (int i = 0; i < 5; i++) {
      Recall recall = memo.recall(RUN, Trace.Order.ANY, world("a", "1", "q" + i, "yes"));
      assertEquals("v" + i, assertInstanceOf(Recall.Fits.class, recall).value());
    }
    assertEquals(
        List.of("q4: yes -> absent"), told(memo.recall(RUN, Trace.Order.ANY, world("a", "1"))));
  }

  @Test
  void aQuestionMayHaveManyAnswers() throws Exception {
    for (int i = 0; i < 300; i++) {
      record(world("a", "1", "b", "n" + i, "c", "3"), "v" + i, "a", "b", "c");
    }
    for (int i = 0; i < 300; i++) {
      World world = world("a", "1", "b", "n" + i, "c", "3");
      assertEquals(new Recall.Fits("v" + i, 3), memo.recall(RUN, Trace.Order.ANY, world));
    }
  }

  @Test
  void theValueThatIsReplacedIsGiven() throws Exception {
    World world = world("a", "1", "b", "2");
    assertEquals(Optional.empty(), memo.record(new Trace(RUN, world.steps("a", "b"), "v1")));
    assertEquals(Optional.empty(), memo.record(new Trace(RUN, world.steps("a", "b"), "v1")));
    assertEquals(Optional.of("v1"), memo.record(new Trace(RUN, world.steps("b", "a"), "v2")));
    assertEquals(new Recall.Fits("v2", 2), memo.recall(RUN, Trace.Order.ANY, world));
  }

  @Test
  void aRunThatWasAnsweredTwoWaysIsNotRemembered() throws Exception {
    List<Step> steps = new ArrayList<>(world("a", "1").steps("a"));
    steps.addAll(world("a", "2").steps("a"));
    assertEquals(Optional.empty(), memo.record(new Trace(RUN, steps, "v")));
    assertEquals(new Recall.FirstTime(), memo.recall(RUN, Trace.Order.ANY, world("a", "1")));
    assertEquals(new Recall.FirstTime(), memo.recall(RUN, Trace.Order.ANY, world("a", "2")));
  }

  @Test
  void anotherMemoOverTheSameNodesRecalls() throws Exception {
    MemoryNodes nodes = new MemoryNodes();
    World world = world("a", "1", "b", "2");
    new TraceMemory(nodes).record(new Trace(RUN, world.steps("a", "b"), "v"));
    assertEquals(
        new Recall.Fits("v", 2), new TraceMemory(nodes).recall(RUN, Trace.Order.ANY, world));
  }

  @Test
  void textsOfAnyKindAreKept() throws Exception {
    String odd = "\u0000 \ud83d\ude00 \uffff\n";
    record(world(odd, odd), odd, odd);
    assertEquals(new Recall.Fits(odd, 1), memo.recall(RUN, Trace.Order.ANY, world(odd, odd)));
  }

  @Test
  void aTextThatUtf8CannotHoldIsRefused() {
    List<Step> steps = world("a", "\ud800").steps("a");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> memo.record(new Trace(RUN, steps, "v")));
    assertEquals("not a text that UTF-8 can hold: \ud800", refused.getMessage());
  }

  @Test
  void aViewThatFailsIsTold() {
    record(world("a", "1"), "v", "a");
    View broken =
        questions -> {
          throw new IOException("no such disk");
        };
    IOException told =
        assertThrows(IOException.class, () -> memo.recall(RUN, Trace.Order.ANY, broken));
    assertEquals("no such disk", told.getMessage());
  }
}

package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.TaskFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MemoTest {
  private final Sheet sheet = new Sheet();
  private final Heard heard = new Heard();
  private final Memo memo = Memo.builder().tasks(sheet).listener(heard).open();

  private void set(String name, int value) throws InterruptedException {
    memo.edit(edit -> edit.set(cell(name), value));
  }

  private int get(String name) throws InterruptedException {
    return memo.get(cell(name));
  }

  @Test
  void whatWasComputedIsNotComputedAgain() throws Exception {
    sheet.let("c", at -> at.at("a") + at.at("b"));
    set("a", 1);
    set("b", 2);
    assertEquals(3, get("c"));
    assertEquals(3, get("c"));
    assertEquals(List.of("run c"), heard.take());
  }

  @Test
  void aChangeRunsWhatItAffectsAndNothingElse() throws Exception {
    sheet.let("b", at -> at.at("a") * 2).let("d", at -> at.at("c") * 2);
    sheet.let("e", at -> at.at("b") + at.at("d"));
    set("a", 1);
    set("c", 1);
    assertEquals(4, get("e"));
    heard.take();
    set("a", 2);
    assertEquals(6, get("e"));
    assertEquals(List.of("run b", "run e"), heard.take());
  }

  @Test
  void theSameValueLetsTheRestSleep() throws Exception {
    sheet.let("sign", at -> Integer.signum(at.at("a"))).let("b", at -> at.at("sign") * 10);
    sheet.let("c", at -> at.at("b") + 1);
    set("a", 1);
    assertEquals(11, get("c"));
    heard.take();
    set("a", 2);
    assertEquals(11, get("c"));
    assertEquals(List.of("run sign", "stands b", "stands c"), heard.take());
  }

  @Test
  void theNextQuestionMayDependOnTheLastAnswer() throws Exception {
    sheet.let("c", at -> at.at("which") == 0 ? at.at("a") : at.at("b"));
    set("which", 0);
    set("a", 1);
    assertEquals(1, get("c"));
    heard.take();
    set("b", 5); // was never asked
    assertEquals(1, get("c"));
    assertEquals(List.of(), heard.take());
    set("which", 1);
    assertEquals(5, get("c"));
    set("a", 7); // is no longer asked
    heard.take();
    assertEquals(5, get("c"));
    assertEquals(List.of("stands c"), heard.take());
  }

  @Test
  void whatIsNoLongerAskedIsNotComputed() throws Exception {
    sheet.let("slow", at -> at.at("x") + 1);
    sheet.let("c", at -> at.at("which") == 0 ? at.at("slow") : 0);
    set("which", 0);
    set("x", 1);
    assertEquals(2, get("c"));
    heard.take();
    memo.edit(edit -> {
      edit.set(cell("which"), 1);
      edit.set(cell("x"), 2);
    });
    assertEquals(0, get("c"));
    assertEquals(List.of("run c"), heard.take());
  }

  @Test
  void anEditThatChangesNothingIsNoRevision() throws Exception {
    set("a", 1);
    long before = memo.revision();
    set("a", 1);
    assertEquals(before, memo.revision());
    memo.edit(edit -> {
      edit.set(cell("a"), 2);
      edit.set(cell("b"), 2);
    });
    assertEquals(before + 1, memo.revision());
  }

  @Test
  void aFailureIsAnAnswer() throws Exception {
    sheet.let("b", at -> 10 / at.at("a"));
    sheet.let(
        "c",
        at -> {
          try {
            return at.at("b");
          } catch (TaskFailed failed) {
            return -1;
          }
        });
    set("a", 0);
    assertEquals(-1, get("c"));
    TaskFailed failed = assertThrows(TaskFailed.class, () -> get("b"));
    assertEquals("b failed: java.lang.ArithmeticException: / by zero", failed.getMessage());
    assertEquals(List.of("run c", "run b"), heard.take());
    set("a", 5);
    assertEquals(2, get("c"));
  }

  @Test
  void anInputThatWasNeverSetIsTold() {
    sheet.let("b", at -> at.at("a"));
    TaskFailed failed = assertThrows(TaskFailed.class, () -> get("a"));
    assertEquals(
        "a failed: a is an input that was never set: set it in an edit, or give its key a task",
        failed.getMessage());
    assertThrows(TaskFailed.class, () -> get("b"));
  }

  @Test
  void aCycleIsNamedInFull() throws Exception {
    sheet.let("b", at -> at.at("a")).let("a", at -> at.at("c")).let("c", at -> at.at("b"));
    Cycle cycle = assertThrows(Cycle.class, () -> get("b"));
    assertEquals("cycle: a → c → b → a", cycle.getMessage());
    assertThrows(Cycle.class, () -> get("c"));
    sheet.let("c", at -> 1); // the toy's own tasks may change; an edit does not
    assertEquals(1, get("b"));
  }

  @Test
  void manyAreAskedSideBySide() throws Exception {
    List<Sheet.Cell> cells = IntStream.range(0, 1000).mapToObj(i -> cell("x" + i)).toList();
    for (Sheet.Cell c : cells) {
      sheet.let(c.name(), at -> at.at("in") + Integer.parseInt(c.name().substring(1)));
    }
    sheet.task("sum", fetch -> fetch.fetchAll(cells).stream().mapToInt(i -> i).sum());
    set("in", 0);
    assertEquals(499500, get("sum"));
    heard.take();
    set("in", 1);
    assertEquals(500500, get("sum"));
    assertEquals(1001, heard.take().size());
  }

  /** An input that counts how often it is compared. */
  private record Counted(int at, AtomicLong comparisons) implements Key<Integer> {
    @Override
    public boolean equals(Object other) {
      comparisons.incrementAndGet();
      return other instanceof Counted counted && counted.at == at;
    }

    @Override
    public int hashCode() {
      return at;
    }
  }

  /** What a task asks is written down in steps that do not grow with what it has asked before. */
  @Test
  void aHundredThousandQuestionsAreNotAQuadrate() throws Exception {
    int count = 100_000;
    AtomicLong comparisons = new AtomicLong();
    List<Counted> keys =
        IntStream.range(0, count).mapToObj(at -> new Counted(at, comparisons)).toList();
    memo.edit(edit -> keys.forEach(key -> edit.set(key, 1)));
    sheet.task(
        "one by one",
        fetch -> {
          int sum = 0;
          for (Counted key : keys) {
            sum += fetch.fetch(key) + fetch.fetch(key);
          }
          return sum;
        });
    sheet.task("together", fetch -> fetch.fetchAll(keys).stream().mapToInt(i -> i).sum());
    assertEquals(2 * count, get("one by one"));
    assertEquals(count, get("together"));
    for (int round = 2; round < 5; round++) {
      int now = round;
      memo.edit(edit -> edit.set(keys.get(now * 20_000), 5));
      assertEquals(2 * count + 8 * (now - 1), get("one by one"));
      assertEquals(count + 4 * (now - 1), get("together"));
    }
    assertTrue(comparisons.get() < 40L * count, "comparisons: " + comparisons);
  }

  @Test
  void aChainOfAMillionIsNotTooDeep() throws Exception {
    int length = 1_000_000;
    Memo deep = Memo.builder().tasks(sheet).open();
    sheet.task("n", fetch -> 0);
    record Link(int at) implements dev.bricolage.memo.Query<Integer> {
      @Override
      public Integer run(Fetch fetch) throws Exception {
        return at == 0 ? fetch.fetch(cell("in")) : fetch.fetch(new Link(at - 1)) + 1;
      }
    }
    Memo chain = Memo.builder().open();
    chain.edit(edit -> edit.set(cell("in"), 1));
    assertEquals(length + 1, chain.get(new Link(length)));
    chain.edit(edit -> edit.set(cell("in"), 2));
    assertEquals(length + 2, chain.get(new Link(length)));
    assertEquals(0, deep.get(cell("n")));
  }

  @Test
  void aTaskMayAskThroughItsFetchAlone() throws Exception {
    AtomicReference<Fetch> kept = new AtomicReference<>();
    sheet.task(
        "keeps",
        fetch -> {
          kept.set(fetch);
          return 1;
        });
    sheet.task("memo", fetch -> memo.get(cell("keeps")));
    sheet.task(
        "thread",
        fetch ->
            CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        return fetch.fetch(cell("keeps"));
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    })
                .get());
    get("keeps");
    assertEquals(
        "keeps has ended: its Fetch asks nothing more. Fetch before the task returns",
        assertThrows(IllegalStateException.class, () -> kept.get().fetch(cell("a"))).getMessage());
    assertThrows(TaskFailed.class, () -> get("memo"));
    TaskFailed thread = assertThrows(TaskFailed.class, () -> get("thread"));
    assertTrue(
        String.valueOf(thread.getMessage())
            .contains(
                "thread asks from a thread that is not its own: use fetchAll to ask side by side"),
        thread.toString());
  }

  @Test
  void whatIsForgottenRunsAgainForWhoAsksNext() throws Exception {
    List<Integer> given = new ArrayList<>(List.of(1, 2));
    sheet.task(
        "clock",
        fetch -> {
          fetch.forget("it tells the time");
          return given.removeFirst();
        });
    sheet.let("a", at -> at.at("clock")).let("b", at -> at.at("a") + at.at("clock"));
    assertEquals(2, get("b"));
    assertEquals(4, get("b"));
  }
}

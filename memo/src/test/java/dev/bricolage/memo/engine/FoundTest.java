package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was once wrong in the engine, each with what it did. */
final class FoundTest {
  private final Stage stage = new Stage(false);
  private final Sheet sheet = new Sheet();

  private Memo.Builder memo() {
    return Memo.builder().tasks(sheet).slots(2).listener(stage);
  }

  private static void set(Memo memo, String name, int value) throws InterruptedException {
    memo.edit(edit -> edit.set(cell(name), value));
  }

  /** Drops before others do: it alone weighs a hundred. */
  private record Heavy(Stage stage) implements Query<Integer> {
    @Override
    public Integer run(Fetch fetch) throws Exception {
      if (stage.isUp("moody")) {
        fetch.forget("a mood");
      }
      return fetch.fetch(cell("in"));
    }

    @Override
    public long weight(Integer value) {
      return 100;
    }

    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public String toString() {
      return "heavy";
    }
  }

  /**
   * A dropped value that came again, but this time was not to be remembered, left a node that is
   * unknown below others that stand. A change stopped there, and those above kept their old values.
   */
  @Test
  void aChangePassesThroughWhatIsUnknown() throws Exception {
    Memo memo = memo().tasks(new Either(sheet)).budget(400).open();
    Heavy heavy = new Heavy(stage);
    set(memo, "in", 1);
    for (int i = 0; i < 300; i++) {
      sheet.task("a" + i, fetch -> fetch.fetch(heavy) * 10);
      assertEquals(10, memo.get(cell("a" + i)));
    }
    for (int i = 0; !stage.isUp("heavy is evicted"); i++) {
      sheet.let("flood " + i, at -> 0);
      memo.get(cell("flood " + i));
    }
    long left = IntStream.range(0, 300).filter(i -> !stage.isUp("a" + i + " is evicted")).count();
    assertTrue(left > 0);
    stage.raise("moody");
    assertEquals(1, memo.get(heavy));
    set(memo, "in", 2);
    for (int i = 0; i < 300; i++) {
      assertEquals(20, memo.get(cell("a" + i)), "a" + i);
    }
  }

  /**
   * A helper that a request's end stops before its asker hears of it left a place in the batch
   * empty: the asker failed of that, and the failure was remembered for ever, since it asked
   * nothing.
   */
  @Test
  void aHelperThatIsStoppedFirstLeavesNoFailureBehind() throws Exception {
    Tasks tasks = sheet;
    Outside outside = new Outside(questions -> List.of());
    Engine engine =
        new Engine(
            tasks,
            outside,
            new Remembrance(Optional.empty(), outside),
            Long.MAX_VALUE,
            2,
            new Ears(Optional.of(stage)));
    List<Sheet.Cell> items = IntStream.range(0, 500).mapToObj(i -> cell("item " + i)).toList();
    for (Sheet.Cell item : items) {
      sheet.task(
          item.name(),
          fetch -> {
            Thread.onSpinWait();
            return 1;
          });
    }
    sheet.task(
        "top",
        fetch -> {
          stage.raise("top has begun");
          stage.awaitDeafly("the end is near");
          return Sheet.sum(fetch, List.of()) + fetch.fetchAll(items).size();
        });
    Node<Integer> top = engine.node(cell("top"));
    Request request = new Request(Asker.NOBODY, Request.Wish.ANYHOW, top);
    Strand first = new Strand(request, engine.waits, engine.crew);
    Strand asker = new Strand(request, engine.waits, engine.crew);
    request.enter(first);
    request.enter(asker);
    Stage.Actor<Object> asks =
        stage.actor(() ->
            engine.on(
                asker,
                () -> {
                  engine.crew.acquire(asker);
                  return engine.bring(asker, top);
                }));
    stage.await("top has begun");
    synchronized (first) { // whoever cancels comes no further than this one
      Stage.Actor<Boolean> cancels =
          stage.actor(() -> {
            request.cancel();
            return true;
          });
      while (cancels.thread().getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      stage.raise("the end is near");
      while (!asks.isDone() && !(top.state() instanceof State.Done)) {
        Thread.onSpinWait();
      }
    }
    assertFalse(
        top.state() instanceof State.Done(Object value, var a, var b, long c, long d, boolean e)
            && value instanceof State.Failure,
        () -> top.state().toString());
  }

  /**
   * While an edit went through the graph an input had its new value already, and what rests on it
   * the old one still: who asked for both saw time run backwards.
   */
  @Test
  void nobodySeesHalfAnEdit() throws Exception {
    Memo memo = memo().open();
    sheet.let("b", at -> at.at("in")).let("c", at -> at.at("b"));
    set(memo, "in", 1);
    assertEquals(1, memo.get(cell("c")));
    Stage.Actor<Long> editor;
    Stage.Actor<List<Integer>> reader;
    synchronized (memo.engine.node(cell("b"))) { // the edit comes to b, and no further
      editor = stage.actor(() -> memo.edit(edit -> edit.set(cell("in"), 2)));
      while (editor.thread().getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      reader = stage.actor(() -> List.of(memo.get(cell("in")), memo.get(cell("c"))));
      while (!reader.isDone() && reader.thread().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    assertEquals(3, editor.gives());
    assertEquals(List.of(2, 2), reader.gives());
  }

  /** Values that were computed afresh were counted once more each time, until nothing had room. */
  @Test
  void whatIsComputedAfreshIsCountedOnce() throws Exception {
    Memo memo = memo().budget(10).open();
    sheet.let("a", at -> 1);
    for (int i = 0; i < 100; i++) {
      memo.fresh(cell("a"), Asker.NOBODY);
    }
    assertEquals(1, memo.census().weight());
    assertFalse(stage.isUp("a is evicted"));
  }

  /**
   * Values that were not to be remembered any more, or were circular now, were counted for ever.
   */
  @Test
  void whatIsNotRememberedIsNotCounted() throws Exception {
    Memo memo = memo().budget(10).open();
    sheet.task(
        "a",
        fetch -> {
          switch (fetch.fetch(cell("in"))) {
            case 1 -> fetch.forget("a mood");
            case 2 -> {
              return fetch.fetch(cell("a"));
            }
            default -> {}
          }
          return 1;
        });
    for (int i = 0; i < 60; i++) {
      set(memo, "in", i % 3);
      try {
        memo.get(cell("a"));
      } catch (dev.bricolage.memo.Cycle expected) {
        assertEquals(2, i % 3);
      }
    }
    set(memo, "in", 3);
    memo.get(cell("a"));
    assertEquals(1, memo.census().weight());
    Memo unbounded = memo().open();
    set(unbounded, "in", 0);
    unbounded.get(cell("a"));
    set(unbounded, "in", 1);
    unbounded.get(cell("a"));
    assertEquals(0, unbounded.census().weight());
  }

  /** What is only ever read, and never looked into, was the first to be dropped. */
  @Test
  void whatIsReadIsUsed() throws Exception {
    Memo memo = memo().budget(8).open();
    sheet.let("often", at -> 1);
    for (int i = 0; i < 200; i++) {
      assertEquals(1, memo.get(cell("often")));
      sheet.let("once " + i, at -> 1);
      memo.get(cell("once " + i));
    }
    long runs = Collections.frequency(stage.raised(), "often runs");
    assertTrue(runs < 10, "runs: " + runs);
  }

  /** Looking into groups went down on the thread's own stack, and a long chain of them broke it. */
  @Test
  void aLongChainOfGroupsIsNotTooDeepToLookInto() throws Exception {
    int length = 20_000;
    record Side(int at) implements Query<Integer> {
      @Override
      public Integer run(Fetch fetch) throws Exception {
        return fetch.fetch(cell("in"));
      }
    }
    record Link(int at) implements Query<Integer> {
      @Override
      public Integer run(Fetch fetch) throws Exception {
        return at == 0
            ? fetch.fetch(cell("in"))
            : fetch.fetchAll(List.of(new Link(at - 1), new Side(at - 1))).getFirst();
      }
    }
    Memo memo = Memo.builder().slots(1).open();
    set(memo, "in", 1);
    assertEquals(1, memo.get(new Link(length)));
    set(memo, "in", 2);
    assertEquals(2, memo.get(new Link(length)));
  }

  /**
   * A request that was cancelled but does not end leaves a long chain claimed. Who took that over
   * went down on his own stack.
   */
  @Test
  void aLongChainLeftBehindByTheDeafIsNotTooDeep() throws Exception {
    int length = 20_000;
    Stage deaf = stage;
    sheet.task(
        "bottom",
        fetch -> {
          int in = fetch.fetch(cell("in"));
          if (in == 2) {
            deaf.raise("bottom has begun");
            deaf.awaitDeafly("go");
          }
          return in;
        });
    for (int i = 0; i < length; i++) {
      String below = i == 0 ? "bottom" : "link " + (i - 1);
      sheet.let("link " + i, at -> at.at(below));
    }
    Memo memo = Memo.builder().tasks(sheet).slots(2).open();
    String top = "link " + (length - 1);
    set(memo, "in", 1);
    assertEquals(1, memo.get(cell(top)));
    set(memo, "in", 2);
    Stage.Actor<Integer> asker = stage.actor(() -> memo.get(cell(top)));
    stage.await("bottom has begun");
    set(memo, "in", 3);
    assertEquals(3, memo.get(cell(top)));
    stage.raise("go");
    asker.fails(Superseded.class);
    assertEquals(3, memo.get(cell(top)));
  }

  /** Writing down many small groups cost the square of their number. */
  @Test
  void manySmallGroupsCostWhatTheyAre() {
    int groups = 300_000;
    List<Node<Integer>> nodes =
        IntStream.range(0, 2 * groups).mapToObj(i -> new Node<>(cell("n" + i), i, true)).toList();
    State.Done done = new State.Done(1, State.Done.NOTHING, State.Done.NO_GROUPS, 1, 1, false);
    List<Flight.Landing.Result> results =
        List.of(new Flight.Landing.Result(done, true), new Flight.Landing.Result(done, true));
    Recorder recorder = new Recorder(false);
    long before = System.nanoTime();
    for (int i = 0; i < groups; i++) {
      recorder.askAll(nodes.subList(2 * i, 2 * i + 2), results);
    }
    assertEquals(2 * groups, recorder.groups().length);
    assertEquals(2 * groups, recorder.asked().length);
    long seconds = (System.nanoTime() - before) / 1_000_000_000;
    assertTrue(seconds < 20, "seconds: " + seconds); // it took minutes
  }

  /**
   * A slot that a task holds which does not end, though nobody wants its value any more, was lost
   * to all who came after it.
   */
  @Test
  void theDeafKeepNoSlot() throws Exception {
    Memo memo = Memo.builder().tasks(sheet).slots(1).listener(stage).open();
    sheet.task(
        "a",
        fetch -> {
          int in = fetch.fetch(cell("in"));
          if (in == 1) {
            stage.raise("a has begun");
            stage.awaitDeafly("go");
          }
          return in;
        });
    set(memo, "in", 1);
    Stage.Actor<Integer> asker = stage.actor(() -> memo.get(cell("a")));
    stage.await("a has begun");
    set(memo, "in", 2);
    assertEquals(2, stage.actor(() -> memo.get(cell("a"))).gives());
    stage.raise("go");
    asker.fails(Superseded.class);
    Slots.areAll(memo, sheet, 1);
  }

  /**
   * A task that swallows the interrupt which its wait for another ended by went on as if it had
   * been answered; what it made of that was remembered.
   */
  @Test
  void anInterruptThatATaskSwallowsIsNoAnswer() throws Exception {
    Memo memo = memo().open();
    sheet.task(
        "slow",
        fetch -> {
          stage.raise("slow has begun");
          stage.await("go");
          return 7;
        });
    sheet.task(
        "a",
        fetch -> {
          try {
            return fetch.fetch(cell("slow"));
          } catch (InterruptedException e) {
            return -1;
          }
        });
    Stage.Actor<Integer> slow = stage.actor(() -> memo.get(cell("slow")));
    stage.await("slow has begun");
    Stage.Actor<Integer> asker = new Stage(true).actor(() -> memo.get(cell("a")));
    stage.await("somebody waits for slow");
    asker.interrupt();
    asker.fails(InterruptedException.class);
    stage.raise("go");
    assertEquals(7, slow.gives());
    assertEquals(7, memo.get(cell("a")));
  }

  /** The first looks of requests that were ended were all kept, to be looked at again for ever. */
  @Test
  void aLookThatWasGivenUpIsNotKeptTwice() throws Exception {
    AtomicInteger questions = new AtomicInteger();
    View view =
        asked -> {
          questions.addAndGet(asked.size());
          if (!stage.isUp("quick")) {
            stage.raise("the view thinks " + questions.get());
            stage.await("never");
          }
          return Collections.nCopies(asked.size(), "1");
        };
    Outside outside = new Outside(view);
    EditRacesTest.Said key = new EditRacesTest.Said("ann");
    for (int i = 1; i <= 10; i++) {
      Stage.Actor<Object> asker = stage.actor(() -> outside.ask(List.of(key)));
      stage.await("the view thinks " + i);
      asker.interrupt();
      asker.fails(InterruptedException.class);
    }
    stage.raise("quick");
    assertEquals(List.of(1), outside.ask(List.of(key)));
    assertEquals(List.of(key), List.copyOf(outside.everAsked()));
  }

  /**
   * What a task asks together, the view is asked together; what it gives nobody has to wait for.
   */
  @Test
  void aGroupIsOneLook() throws Exception {
    List<Integer> looks = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean broken = new AtomicBoolean();
    View view =
        asked -> {
          looks.add(asked.size());
          if (broken.get()) {
            throw new AssertionError("in the view");
          }
          return Collections.nCopies(asked.size(), "1");
        };
    Memo memo = memo().view(view).slots(4).open();
    sheet.let("n", at -> 5);
    List<Key<Integer>> keys =
        IntStream.range(0, 100)
            .<Key<Integer>>mapToObj(i -> new EditRacesTest.Said("nr " + i % 90))
            .collect(Collectors.toCollection(ArrayList::new));
    keys.add(cell("n"));
    sheet.task("all", fetch -> fetch.fetchAll(keys).stream().mapToInt(i -> i).sum());
    sheet.task("more", fetch -> fetch.fetch(cell("all")) + fetch.fetchAll(keys).size());
    broken.set(true);
    assertThrows(TaskFailed.class, () -> memo.get(cell("all")));
    broken.set(false);
    looks.clear();
    assertEquals(206, memo.get(cell("more")));
    assertEquals(List.of(90), looks);
    assertEquals(2, memo.edit(edit -> edit.set(cell("other"), 1)));
    assertEquals(206, memo.get(cell("more")));
    assertEquals(List.of(90), looks);
  }

  /** A wait that is cancelled is over too. */
  @Test
  void whoIsInterruptedInAWaitIsNoLongerSaidToWait() throws Exception {
    List<Event> heard = Collections.synchronizedList(new ArrayList<>());
    Memo memo =
        Memo.builder()
            .tasks(sheet)
            .slots(2)
            .listener(event -> {
              heard.add(event);
              stage.accept(event);
            })
            .open();
    sheet.task(
        "a",
        fetch -> {
          stage.await("go");
          return 7;
        });
    Stage.Actor<Integer> first = stage.actor(() -> memo.get(cell("a")));
    stage.await("a runs");
    Stage.Actor<Integer> second = stage.actor(() -> memo.get(cell("a")));
    stage.await("somebody waits for a");
    second.interrupt();
    second.fails(InterruptedException.class);
    assertTrue(heard.contains(new Event.Resumed(cell("a"))), heard.toString());
    stage.raise("go");
    assertEquals(7, first.gives());
  }

  /** When an answer is there, nothing runs for it any more. */
  @Test
  void whatRanForItHasEnded() throws Exception {
    Memo memo = memo().slots(4).open();
    AtomicInteger running = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      sheet.task(
          "n" + i,
          fetch -> {
            running.incrementAndGet();
            stage.raise("one has begun");
            try {
              stage.await("go");
            } finally {
              for (int k = 0; k < 100_000; k++) {
                Thread.onSpinWait(); // takes its time to end
              }
              running.decrementAndGet();
            }
            return 1;
          });
    }
    List<Sheet.Cell> cells = IntStream.range(0, 4).mapToObj(i -> cell("n" + i)).toList();
    sheet.task("all", fetch -> fetch.fetchAll(cells).size());
    for (boolean virtual : new boolean[] {false, true}) {
      Stage.Actor<Integer> asker =
          new Stage(virtual)
              .actor(() -> {
                try {
                  return memo.get(cell("all"));
                } catch (InterruptedException e) {
                  return -running.get();
                }
              });
      stage.await("one has begun");
      while (running.get() < 4) {
        Thread.onSpinWait();
      }
      asker.interrupt();
      assertEquals(0, asker.gives());
    }
  }
}

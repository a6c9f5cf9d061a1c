package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks, keys, views and listeners that do what they should not. */
final class BadInputTest {
  private final Sheet sheet = new Sheet();
  private final Heard heard = new Heard();
  private final Memo memo = Memo.builder().tasks(sheet).listener(heard).open();

  private static String failure(Memo memo, Key<?> key) {
    return String.valueOf(assertThrows(TaskFailed.class, () -> memo.get(key)).getMessage());
  }

  private String failure(String name) {
    return failure(memo, cell(name));
  }

  private void throwing(String name, Supplier<Throwable> thrown) {
    sheet.task(
        name,
        fetch -> {
          fetch.fetch(cell("in"));
          BadInputTest.<RuntimeException>sneak(thrown.get());
          return 0;
        });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** What its inputs are to blame for is an answer: it is remembered until they change. */
  @Test
  void aFailureOfItsInputsIsRemembered() throws Exception {
    memo.edit(edit -> edit.set(cell("in"), 1));
    throwing("checked", () -> new IOException("no"));
    throwing("unchecked", () -> new IllegalStateException("no"));
    throwing("error", () -> new AssertionError("no"));
    assertEquals("checked failed: java.io.IOException: no", failure("checked"));
    assertEquals("unchecked failed: java.lang.IllegalStateException: no", failure("unchecked"));
    assertEquals("error failed: java.lang.AssertionError: no", failure("error"));
    assertEquals(List.of("run checked", "run unchecked", "run error"), heard.take());
    assertEquals("checked failed: java.io.IOException: no", failure("checked"));
    assertEquals(List.of(), heard.take());
    memo.edit(edit -> edit.set(cell("in"), 2));
    failure("checked");
    assertEquals(List.of("run checked"), heard.take());
  }

  /** What the machine is to blame for is told and forgotten, and so is what rests on it. */
  @Test
  void aFailureOfTheMachineIsForgotten() throws Exception {
    memo.edit(edit -> edit.set(cell("in"), 1));
    throwing("memory", () -> new OutOfMemoryError("Java heap space"));
    sheet.task("deep", fetch -> deep(1));
    sheet.let("a", at -> at.at("memory"));
    assertEquals("memory failed: java.lang.OutOfMemoryError: Java heap space", failure("memory"));
    assertEquals("deep failed: java.lang.StackOverflowError", failure("deep"));
    failure("a");
    heard.take();
    sheet.let("memory", at -> 7).let("deep", at -> 8);
    assertEquals(7, memo.get(cell("a")));
    assertEquals(8, memo.get(cell("deep")));
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int deep(int depth) {
    return depth + deep(depth + 1);
  }

  /** A task's own interrupt is no cancellation: it is a failure of its own, and forgotten. */
  @Test
  void aTaskThatInterruptsItselfHurtsNobody() throws Exception {
    sheet.task(
        "a",
        fetch -> {
          throw new InterruptedException("by itself");
        });
    assertEquals("a failed: java.lang.InterruptedException: by itself", failure("a"));
    sheet.let("a", at -> 1);
    assertEquals(1, memo.get(cell("a")));
  }

  /** A task that leaves its thread interrupted does not disturb who runs on the thread after it. */
  @Test
  void anInterruptThatATaskLeavesBehindIsTakenAway() throws Exception {
    Stage stage = new Stage(false);
    Memo two = Memo.builder().tasks(sheet).slots(2).listener(stage).open();
    sheet.task(
        "careless",
        fetch -> {
          Thread.currentThread().interrupt();
          return 1;
        });
    sheet.task(
        "slow",
        fetch -> {
          stage.raise("slow has begun");
          stage.await("somebody waits for slow");
          return 10;
        });
    sheet.let("top", at -> at.at("careless") + at.at("slow"));
    Stage.Actor<Integer> slow = stage.actor(() -> two.get(cell("slow")));
    stage.await("slow has begun");
    Stage.Actor<Integer> top = stage.actor(() -> two.get(cell("top")));
    assertEquals(11, top.gives());
    assertEquals(10, slow.gives());
  }

  @Test
  @SuppressWarnings("NullAway") // the point of it
  void nullIsNoValue() throws Exception {
    sheet.task("a", fetch -> null);
    assertEquals("a failed: java.lang.NullPointerException: the task of a gave null", failure("a"));
    Throwable set =
        assertThrows(
            NullPointerException.class, () -> memo.edit(edit -> edit.set(cell("in"), null)));
    assertEquals("in is to be set to null: remove it instead", set.getMessage());
  }

  @Test
  void anotherThreadMayNotAsk() throws Exception {
    sheet.task(
        "a",
        fetch ->
            CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        return fetch.fetch(cell("in"));
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    })
                .get());
    assertTrue(
        failure("a")
            .endsWith(
                "a asks from a thread that is not its own: use fetchAll to ask side by side"));
  }

  /** Who asks through the Fetch of who asked him would have his questions written down there. */
  @Test
  void anothersFetchMayNotBeUsed() throws Exception {
    AtomicReference<Fetch> borrowed = new AtomicReference<>();
    memo.edit(edit -> edit.set(cell("in"), 1));
    sheet.task("thief", fetch -> borrowed.get().fetch(cell("in")) * 10);
    sheet.task(
        "owner",
        fetch -> {
          borrowed.set(fetch);
          return fetch.fetch(cell("thief"));
        });
    assertEquals(
        "owner failed: dev.bricolage.memo.TaskFailed: thief failed: java.lang.IllegalStateException:"
            + " owner waits for thief, which uses its Fetch: each task asks through its own",
        failure("owner"));
  }

  /** What an exception has to say may be as bad as itself. */
  @Test
  void anExceptionThatCannotBePrinted() throws Exception {
    final class Mute extends RuntimeException {
      private static final long serialVersionUID = 1;

      @Override
      public String getMessage() {
        throw new IllegalStateException("no words");
      }
    }

    memo.edit(edit -> edit.set(cell("in"), 1));
    throwing("a", Mute::new);
    String mute = "a failed: an exception that cannot be printed: " + Mute.class.getName();
    assertEquals(mute, failure("a"));
    memo.edit(edit -> edit.set(cell("in"), 2));
    assertEquals(mute, failure("a"));
  }

  /** A key that works, in its ways, or does not. */
  private static final class Odd implements Query<Integer> {
    final String name;
    final int hash;
    static final List<String> BROKEN = new ArrayList<>();

    Odd(String name, int hash) {
      this.name = name;
      this.hash = hash;
    }

    private void tried(String what) {
      if (BROKEN.contains(what)) {
        throw new IllegalArgumentException(what + " is broken");
      }
    }

    @Override
    public int hashCode() {
      tried("hashCode");
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      tried("equals");
      return other instanceof Odd odd && odd.name.equals(name);
    }

    @Override
    public boolean same(Integer before, Integer now) {
      tried("same");
      return before.equals(now);
    }

    @Override
    public long weight(Integer value) {
      tried("weight");
      return 1;
    }

    @Override
    public Optional<Codec<Integer>> codec() {
      return Optional.of(
          new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
              tried("encode");
              return new byte[] {value.byteValue()};
            }

            @Override
            public Integer decode(byte[] bytes) {
              return (int) bytes[0];
            }
          });
    }

    @Override
    public Integer run(Fetch fetch) throws Exception {
      return Integer.signum(fetch.fetch(cell("in")));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Above(Key<Integer> below) implements Query<Integer> {
    @Override
    public Integer run(Fetch fetch) throws Exception {
      return fetch.fetch(below) + 1;
    }

    @Override
    public String toString() {
      return "above " + below;
    }
  }

  /**
   * A key's method that throws once spoils nothing for good: who asked is not left with a failure
   * that nothing could ever change.
   */
  @ParameterizedTest
  @ValueSource(strings = {"hashCode", "equals", "same", "weight", "encode"})
  void aKeyThatThrowsIsNotRemembered(String what) throws Exception {
    Memo small = Memo.builder().budget(2).slots(1).open();
    Key<Integer> odd = new Odd("odd", 0);
    Key<Integer> above = new Above(odd);
    small.edit(edit -> edit.set(cell("in"), 1));
    assertEquals(2, small.get(above));
    small.edit(edit -> edit.set(cell("in"), 2));
    Odd.BROKEN.add(what);
    try {
      for (int i = 0; i < 5; i++) { // fills the memory, so that values are dropped
        try {
          small.get(new Above(new Odd("odd " + i, i)));
          small.get(above);
        } catch (TaskFailed | IllegalArgumentException told) {
          assertTrue(told.toString().contains(what + " is broken"), told.toString());
        }
      }
    } finally {
      Odd.BROKEN.clear();
    }
    assertEquals(2, small.get(above));
    assertEquals(1, small.get(odd));
    for (int i = 0; i < 5; i++) {
      assertEquals(2, small.get(new Above(new Odd("odd " + i, i))));
    }
  }

  /** Hash codes that are all the same cost time and nothing else. */
  @Test
  void keysWithOneHashCode() throws Exception {
    memo.edit(edit -> edit.set(cell("in"), 1));
    Memo queries = Memo.builder().open();
    queries.edit(edit -> edit.set(cell("in"), 5));
    List<Key<Integer>> keys = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      keys.add(new Odd("odd " + i, 42));
    }
    Query<Integer> sum = fetch -> fetch.fetchAll(keys).stream().mapToInt(i -> i).sum();
    assertEquals(2000, queries.get(sum));
    assertEquals(2002, queries.census().nodes());
  }

  private record Seen(String what) implements ViewKey<Integer> {
    @Override
    public Question question() {
      return new Question("seen", what);
    }

    @Override
    public Integer parse(String answer) {
      return Integer.valueOf(answer);
    }

    @Override
    public String answer(Integer value) {
      return value.toString();
    }

    @Override
    public String toString() {
      return "seen " + what;
    }
  }

  /** A view that cannot answer is a failure until somebody says that it changed, or verifies. */
  @Test
  void aViewThatDoesNotAnswer() throws Exception {
    AtomicReference<View> view = new AtomicReference<>(questions -> List.of());
    Memo looking = Memo.builder().view(questions -> view.get().answers(questions)).open();
    Key<Integer> above = new Above(new Seen("x"));
    assertEquals(
        "seen x failed: java.io.IOException: the view gave 0 answers to 1 questions",
        failure(looking, new Seen("x")));
    assertTrue(failure(looking, above).contains("the view gave 0 answers to 1 questions"));
    view.set(questions -> {
      throw new IOException("disk gone");
    });
    assertEquals(2, looking.edit(edit -> edit.changed(new Seen("x"))));
    assertEquals("seen x failed: java.io.IOException: disk gone", failure(looking, new Seen("x")));
    view.set(questions -> {
      throw new IllegalStateException("no view");
    });
    looking.verify(dev.bricolage.memo.Durability.LOW);
    assertEquals(
        "seen x failed: java.lang.IllegalStateException: no view", failure(looking, new Seen("x")));
    view.set(questions -> List.of("seven"));
    looking.verify(dev.bricolage.memo.Durability.LOW);
    assertEquals(
        "seen x failed: java.lang.NumberFormatException: For input string: \"seven\"",
        failure(looking, new Seen("x")));
    view.set(questions -> List.of("7"));
    looking.verify(dev.bricolage.memo.Durability.LOW);
    assertEquals(8, looking.get(above));
  }

  /** An error of the view while it is asked for the first time is not remembered. */
  @Test
  void aViewThatThrowsAnError() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    View view =
        questions -> {
          if (asked.incrementAndGet() == 1) {
            throw new AssertionError("in the view");
          }
          return List.of("7");
        };
    Memo looking = Memo.builder().view(view).open();
    Key<Integer> above = new Above(new Seen("x"));
    Throwable told = assertThrows(Throwable.class, () -> looking.get(above));
    assertTrue(told.toString().contains("in the view"), told.toString());
    assertEquals(8, looking.get(above));
  }

  /** A listener that throws breaks neither answers nor edits. */
  @Test
  void aListenerThatThrows() throws Exception {
    List<Throwable> told = new ArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
    try {
      IllegalStateException thrown = new IllegalStateException("the listener is broken");
      Memo listened =
          Memo.builder()
              .tasks(sheet)
              .listener(event -> {
                throw thrown;
              })
              .open();
      sheet.let("a", at -> at.at("in") * 10).let("b", at -> at.at("a") + 1);
      assertEquals(2, listened.edit(edit -> edit.set(cell("in"), 1)));
      assertEquals(11, listened.get(cell("b")));
      assertEquals(3, listened.edit(edit -> edit.set(cell("in"), 2)));
      assertEquals(21, listened.get(cell("b")));
      assertSame(thrown, told.getFirst());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  /** An edit that fails half way has done nothing. */
  @Test
  void anEditThatThrows() throws Exception {
    sheet.let("b", at -> at.at("in"));
    memo.edit(edit -> edit.set(cell("in"), 1));
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                memo.edit(edit -> {
                  edit.set(cell("in"), 2);
                  edit.set(cell("b"), 2);
                }));
    assertEquals("b has a task that computes it: only inputs can be set", thrown.getMessage());
    assertEquals(1, memo.get(cell("b")));
    assertEquals(2, memo.revision());
  }

  /** To ask an input anew is to look again; what was set stays as it was set. */
  @Test
  void aFreshInputIsStillThere() throws Exception {
    memo.edit(edit -> edit.set(cell("in"), 1));
    assertEquals(1, memo.fresh(cell("in"), dev.bricolage.memo.Asker.NOBODY));
    assertEquals(1, memo.get(cell("in")));
    AtomicInteger asked = new AtomicInteger();
    Memo looking =
        Memo.builder().view(q -> List.of(String.valueOf(asked.incrementAndGet()))).open();
    Key<Integer> above = new Above(new Seen("x"));
    assertEquals(2, looking.get(above));
    assertEquals(2, looking.fresh(new Seen("x"), dev.bricolage.memo.Asker.NOBODY));
    assertEquals(3, looking.get(above));
  }

  /**
   * A chain whose stacks would fill the heap ends with words, and the memo is as good as before: in
   * a process of its own with a heap of 128 MB.
   */
  @Test
  void aChainTooDeepForTheHeap() throws Exception {
    List<String> places = new ArrayList<>();
    for (Class<?> type : List.of(TooDeep.class, Memo.class, Digest.class)) {
      places.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseG1GC",
                "-cp",
                String.join(File.pathSeparator, places),
                TooDeep.class.getName(),
                "1000000",
                "20000")
            .redirectErrorStream(true)
            .start();
    CompletableFuture<List<String>> lines =
        CompletableFuture.supplyAsync(() -> process.inputReader().lines().toList());
    List<String> said;
    try {
      said = lines.get(1, TimeUnit.MINUTES);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.waitFor(), said::toString);
    assertEquals(
        List.of(
            "java.lang.StackOverflowError: more than 60928 tasks below each other: their stacks fill"
                + " the heap of 128 MB, see -Xmx",
            "20000"),
        said);
  }

  /** A failure far down does not fill the memory with what all above it say of it. */
  @Test
  void aFailureBelowALongChain() throws Exception {
    int length = 100_000;
    Memo chain = Memo.builder().open();
    record Link(int at) implements Query<Integer> {
      @Override
      public Integer run(Fetch fetch) throws Exception {
        return at == 0 ? 10 / fetch.fetch(cell("in")) : fetch.fetch(new Link(at - 1)) + 1;
      }

      @Override
      public String toString() {
        return "link " + at;
      }
    }
    chain.edit(edit -> edit.set(cell("in"), 0));
    TaskFailed failed = assertThrows(TaskFailed.class, () -> chain.get(new Link(length)));
    String message = String.valueOf(failed.getMessage());
    assertTrue(message.startsWith("link 100000 failed: dev.bricolage.memo.TaskFailed: link 99999"));
    assertTrue(message.endsWith("link 0 failed: java.lang.ArithmeticException: / by zero"));
    chain.edit(edit -> edit.set(cell("other"), 0));
    assertThrows(TaskFailed.class, () -> chain.get(new Link(length)));
    chain.edit(edit -> edit.set(cell("in"), 5));
    assertEquals(length + 2, chain.get(new Link(length)));
  }
}

package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

}

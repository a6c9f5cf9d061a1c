package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Question;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that vanishes, and what is in it that no longer means anything: computed all the same.
 */
final class BadStoreTest {
  private final Shelves shelves = new Shelves();
  private final Stage stage = new Stage(false);

  /** A text, as long as it is repeated, so that it does not fit into a trace. */
  record Text(int times) implements Query<String>, Persistent<String> {
    static volatile boolean undecodable;
    static final AtomicInteger RUNS = new AtomicInteger();

    @Override
    public String run(Fetch fetch) throws Exception {
      RUNS.incrementAndGet();
      String below = times > 1 ? fetch.fetch(new Text(times - 1)) : "";
      return below + fetch.fetch(new Word()).repeat(200);
    }

    @Override
    public Codec<String> valueCodec() {
      return CODEC;
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public Question question() {
      return new Question("text", String.valueOf(times));
    }

    @Override
    public String toString() {
      return "text " + times;
    }
  }

  /** An input. */
  record Word() implements Key<String> {
    @Override
    public Optional<Codec<String>> codec() {
      return Optional.of(CODEC);
    }

    @Override
    public Question question() {
      return new Question("word", "");
    }
  }

  private static final Codec<String> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
          if (Text.undecodable) {
            throw new IndexOutOfBoundsException("a codec that is not finished");
          }
          return new String(bytes, StandardCharsets.UTF_8);
        }
      };

  private static Optional<Key<?>> key(Question question) {
    return switch (question.kind()) {
      case "text" -> Optional.of(new Text(Integer.parseInt(question.subject())));
      case "word" -> Optional.of(new Word());
      default -> Optional.empty();
    };
  }

  private Memo memo(Kinds kinds, String word) throws InterruptedException {
    Memo memo = Memo.builder().traces(shelves, shelves, kinds).slots(1).listener(stage).open();
    memo.edit(edit -> edit.set(new Word(), word));
    return memo;
  }

  private int runs() {
    return Text.RUNS.getAndSet(0);
  }

  @Test
  void whatIsThereIsRecalled() throws Exception {
    runs();
    assertEquals("ab".repeat(600), memo(BadStoreTest::key, "ab").get(new Text(3)));
    assertEquals(3, runs());
    assertEquals("ab".repeat(600), memo(BadStoreTest::key, "ab").get(new Text(3)));
    assertEquals(0, runs());
  }

  private static Supplier<Throwable> ending(String how) {
    return switch (how) {
      case "unchecked" -> () -> new UncheckedIOException(new java.io.IOException("disk gone"));
      case "fault" -> () -> new InternalError("a fault occurred in an unsafe memory access");
      case "linkage" -> () -> new NoClassDefFoundError("org/lmdbjava/Txn");
      default -> () -> new StackOverflowError();
    };
  }

  /** At whichever call the store vanishes, for good or for once, the answer is the right one. */
  @ParameterizedTest
  @ValueSource(strings = {"unchecked", "fault", "linkage", "stack"})
  void vanishesAtEveryCall(String how) throws Exception {
    runs();
    shelves.fail(Integer.MAX_VALUE, Integer.MAX_VALUE, ending(how));
    memo(BadStoreTest::key, "cold").get(new Text(3));
    int calls = shelves.calls();
    assertTrue(calls > 8, "calls: " + calls);
    for (int from = 1; from <= calls; from++) {
      for (boolean forGood : new boolean[] {false, true}) {
        String word = how + from + forGood;
        shelves.fail(from, forGood ? Integer.MAX_VALUE : from + 1, ending(how));
        Memo cold = memo(BadStoreTest::key, word);
        assertEquals(word.repeat(600), cold.get(new Text(3)), "call " + from);
        shelves.fail(from, forGood ? Integer.MAX_VALUE : from + 1, ending(how));
        Memo warm = memo(BadStoreTest::key, word);
        assertEquals(word.repeat(600), warm.get(new Text(3)), "call " + from);
        runs();
        assertEquals(word.repeat(600), warm.get(new Text(3)));
        assertEquals(0, runs(), "in memory all was well");
      }
    }
    assertTrue(stage.raised().stream().anyMatch(s -> s.startsWith("the store failed for text")));
  }

  /** Questions that mean nothing any more are answered by nothing: old traces are passed over. */
  @Test
  void questionsOfAnotherVersion() throws Exception {
    memo(BadStoreTest::key, "ab").get(new Text(2));
    runs();
    assertEquals("ab".repeat(400), memo(Kinds.NONE, "ab").get(new Text(2)));
    assertEquals(2, runs());
    Kinds broken =
        question -> {
          throw new IllegalStateException("no kinds");
        };
    assertEquals("ab".repeat(400), memo(broken, "ab").get(new Text(2)));
    assertEquals(2, runs());
  }

  /** A value that cannot be read back is a miss. */
  @Test
  void aCodecThatThrows() throws Exception {
    memo(BadStoreTest::key, "ab").get(new Text(2));
    runs();
    Text.undecodable = true;
    try {
      assertEquals("ab".repeat(400), memo(BadStoreTest::key, "ab").get(new Text(2)));
    } finally {
      Text.undecodable = false;
    }
    assertEquals(2, runs());
  }

  /** What is asked afresh has run, though others ask for the same and are content with a recall. */
  @Test
  void whoAsksAfreshGetsWhatHasRun() throws Exception {
    Memo memo = memo(BadStoreTest::key, "ab");
    memo.get(new Text(1));
    List<Stage.Actor<Integer>> others =
        Collections.nCopies(3, 0).stream().map(i -> stage.actor(() -> asking(memo))).toList();
    for (int i = 0; i < 300; i++) {
      runs();
      memo.fresh(new Text(1), Asker.NOBODY);
      assertTrue(runs() > 0, "round " + i);
    }
    stage.raise("enough");
    for (Stage.Actor<Integer> other : others) {
      assertTrue(other.gives() > 0);
    }
  }

  private int asking(Memo memo) throws InterruptedException {
    int answers = 1;
    while (!stage.isUp("enough")) {
      try {
        memo.get(new Text(1));
        answers++;
      } catch (dev.bricolage.memo.Superseded again) {
        // The fresh one is a revision.
      }
    }
    return answers;
  }

  /**
   * <pre>
   * asker   get(text 2) ── recall ── text 1 recalled ── held ─────────── go ── text 2 fits
   * test                                                 └── a flood ───┘
   * </pre>
   */
  @Test
  void evictedDuringARecall() throws Exception {
    Sheet sheet = new Sheet();
    runs();
    memo(BadStoreTest::key, "ab").get(new Text(2));
    assertEquals(2, runs());
    Memo small =
        Memo.builder()
            .tasks(new Either(sheet))
            .traces(shelves, shelves, BadStoreTest::key)
            .slots(2)
            .budget(3)
            .listener(event -> {
              stage.accept(event);
              if (event.toString().contains("Recalled[key=text 1")) {
                stage.raise("text 1 is there");
                stage.awaitDeafly("go");
              }
            })
            .open();
    small.edit(edit -> edit.set(new Word(), "ab"));
    Stage.Actor<String> asker = stage.actor(() -> small.get(new Text(2)));
    stage.await("text 1 is there");
    for (int i = 0; i < 20; i++) {
      sheet.let("flood " + i, at -> 0);
      small.get(cell("flood " + i));
    }
    stage.raise("go");
    assertEquals("ab".repeat(400), asker.gives());
    assertEquals(0, runs());
  }
}

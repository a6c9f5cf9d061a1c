package dev.bricolage.toy.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.BlobValues;
import dev.bricolage.store.Store;
import dev.bricolage.toy.Folder;
import dev.bricolage.toy.check.Problems;
import dev.bricolage.toy.query.Check;
import dev.bricolage.toy.query.Constant;
import dev.bricolage.toy.query.SourceText;
import dev.bricolage.toy.query.Stage;
import dev.bricolage.toy.query.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of the tutorial; the page shows parts of this file and of the compiler's. */
final class TutorialTest {
  @TempDir private Path place = Path.of("");

  /** A text that somebody sets. */
  record Text(String name) implements Key<String> {}

  /** How many words it has. */
  record Words(String name) implements Query<Integer> {
    @Override
    public Integer run(Fetch fetch) throws InterruptedException {
      String text = fetch.fetch(new Text(name));
      return new StringTokenizer(text).countTokens();
    }
  }

  /** The mean of several. */
  record Mean(List<String> names) implements Query<Integer> {
    @Override
    public Integer run(Fetch fetch) throws InterruptedException {
      List<Integer> counts = fetch.fetchAll(names.stream().map(Words::new).toList());
      return counts.stream().mapToInt(Integer::intValue).sum() / counts.size();
    }
  }

  @Test
  void theFirstKey() throws InterruptedException {
    Memo memo = Memo.builder().open();
    memo.edit(edit -> edit.set(new Text("hamlet"), "to be or not to be"));
    assertEquals(6, memo.get(new Words("hamlet")));
  }

  @Test
  void keysAskKeys() throws InterruptedException {
    List<Key<?>> ran = new CopyOnWriteArrayList<>();
    Memo memo =
        Memo.builder()
            .listener(event -> {
              if (event instanceof Event.Started it) {
                ran.add(it.key());
              }
            })
            .open();
    memo.edit(edit -> {
      edit.set(new Text("hamlet"), "to be or not to be");
      edit.set(new Text("lear"), "nothing will come of nothing speak again good");
    });
    Mean mean = new Mean(List.of("hamlet", "lear"));
    assertEquals(7, memo.get(mean));
    assertEquals(3, ran.size());

    ran.clear();
    memo.edit(edit -> edit.set(new Text("hamlet"), "To be, or not to be"));
    assertEquals(7, memo.get(mean));
    assertEquals(List.of(new Words("hamlet")), ran); // six words again: the mean is not asked

    ran.clear();
    memo.edit(edit -> edit.set(new Text("hamlet"), "To sleep: perchance to dream"));
    assertEquals(6, memo.get(mean));
    assertEquals(List.of(new Words("hamlet"), mean), ran);
  }

  @Test
  void theWorldOutside() throws InterruptedException, IOException {
    Path file = place.resolve("a.toy");
    Files.writeString(file, "const a = 1");
    Memo memo = Memo.builder().view(new Folder(place)).open();
    SourceText source = new SourceText("a.toy");
    assertEquals("const a = 1", memo.get(source));

    Files.writeString(file, "const a = 2");
    assertEquals("const a = 1", memo.get(source)); // nobody told
    memo.edit(edit -> edit.changed(source));
    assertEquals("const a = 2", memo.get(source));

    Files.writeString(file, "const a = 3");
    memo.verify(Durability.LOW);
    assertEquals("const a = 3", memo.get(source));
  }

  @Test
  void whatOutlastsTheProcess() throws InterruptedException, IOException {
    Files.writeString(place.resolve("a.toy"), "const a = 1");
    Path home = place.resolve("store");
    List<String> warnings = new CopyOnWriteArrayList<>();
    List<Event> events = new CopyOnWriteArrayList<>();
    for (int process = 0; process < 2; process++) {
      events.clear();
      try (Store store = Store.open(home, warnings::add)) {
        Memo memo =
            Memo.builder()
                .view(new Folder(place))
                .traces(
                    new TraceMemory(store.traces()), new BlobValues(store.blobs()), Stage.kinds())
                .listener(events::add)
                .open();
        memo.get(new Tokens("a.toy"));
      }
    }
    assertEquals(List.of(new Event.Recalled(new Tokens("a.toy"), 1)), events);
    assertEquals(List.of(), warnings);
  }

  @Test
  void whyItRan() throws InterruptedException, IOException {
    Files.writeString(place.resolve("a.toy"), "const a = 1");
    List<String> said = new CopyOnWriteArrayList<>();
    try (Store store = Store.memory()) {
      for (String text : List.of("const a = 1", "const a = 2")) {
        Files.writeString(place.resolve("a.toy"), text);
        said.clear();
        Memo memo =
            Memo.builder()
                .view(new Folder(place))
                .traces(
                    new TraceMemory(store.traces()), new BlobValues(store.blobs()), Stage.kinds())
                .listener(event -> {
                  if (event instanceof Event.Missed(Key<?> key, var why)) {
                    said.add(key + ": " + why);
                  }
                })
                .open();
        memo.get(new Tokens("a.toy"));
      }
    }
    assertEquals(
        List.of("Tokens[file=a.toy]: Differs[differences=[a.toy: =const a = 1 -> =const a = 2]]"),
        said);
  }

  @Test
  void failures() throws InterruptedException, IOException {
    Files.writeString(place.resolve("a.toy"), "const a = 1 / 0");
    Memo memo = Memo.builder().view(new Folder(place)).open();
    TaskFailed failed = assertThrows(TaskFailed.class, () -> memo.get(new Constant("a.toy", "a")));
    assertEquals(
        "Constant[file=a.toy, name=a] failed: java.lang.ArithmeticException: / by zero",
        failed.getMessage());
    Problems problems = memo.get(new Check("a.toy", "a"));
    assertEquals("a divides by zero", problems.list().getFirst().message());
  }

  @Test
  void cycles() throws IOException {
    Files.writeString(place.resolve("a.toy"), "const a = b const b = a");
    Memo memo = Memo.builder().view(new Folder(place)).open();
    Cycle cycle = assertThrows(Cycle.class, () -> memo.get(new Constant("a.toy", "a")));
    assertEquals(
        "cycle: Constant[file=a.toy, name=a] → Constant[file=a.toy, name=b]"
            + " → Constant[file=a.toy, name=a]",
        cycle.getMessage());
  }

  /** Does not end as long as the text says so. */
  record Patient(String name, CountDownLatch started) implements Query<String> {
    @Override
    public String run(Fetch fetch) throws InterruptedException {
      String text = fetch.fetch(new Text(name));
      started.countDown();
      if (text.equals("wait")) {
        new CountDownLatch(1).await();
      }
      return text;
    }
  }

  /** The value in a revision that nobody has overtaken. */
  static <V> V latest(Memo memo, Key<V> key) throws InterruptedException {
    while (true) {
      try {
        return memo.get(key);
      } catch (Superseded edited) {
        // Its task was interrupted, and what it had asked so far is remembered.
      }
    }
  }

  @Test
  void cancellation() throws InterruptedException, ExecutionException {
    Memo memo = Memo.builder().open();
    Patient patient = new Patient("hamlet", new CountDownLatch(1));
    memo.edit(edit -> edit.set(new Text("hamlet"), "wait"));
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        answer.complete(latest(memo, patient));
      } catch (InterruptedException e) {
        answer.completeExceptionally(e);
      }
    });
    patient.started().await();
    memo.edit(edit -> edit.set(new Text("hamlet"), "to be"));
    assertEquals("to be", answer.get());
  }

  @Test
  void bounds() throws InterruptedException {
    Memo memo = Memo.builder().slots(4).budget(100_000).open();
    memo.edit(edit -> edit.set(new Text("hamlet"), "to be"));
    assertEquals(Optional.empty(), memo.recall(new Words("hamlet"), Asker.NOBODY));
    assertEquals(2, memo.get(new Words("hamlet")));
    assertEquals(Optional.of(2), memo.recall(new Words("hamlet"), Asker.NOBODY));
    assertEquals(2, memo.fresh(new Words("hamlet"), Asker.NOBODY));
  }
}

package dev.bricolage.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.View;
import dev.bricolage.memo.engine.Memo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what is heard; a fake tells it, so that nothing depends on a clock. */
final class WatchTest {
  @TempDir Path root;
  private final FakeChanges changes = new FakeChanges();
  private final BlockingQueue<Set<Key<?>>> revisions = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private Memo memo = Memo.builder().open();

  /** Tells that the view is being looked at. */
  private volatile CountDownLatch looking = new CountDownLatch(1);

  /** Holds who looks at the view until it is opened. */
  private volatile CountDownLatch gate = new CountDownLatch(0);

  @BeforeEach
  void open() throws IOException {
    root = root.toRealPath();
    Folder folder = Folder.at(root);
    View counting =
        questions -> {
          asked.addAndGet(questions.size());
          looking.countDown();
          gate.await();
          return folder.answers(questions);
        };
    memo = Memo.builder().view(counting).listener(this::hear).open();
    for (int i = 0; i < 50; i++) {
      write(name(i), "old");
    }
  }

  private void hear(Event event) {
    if (event instanceof Event.Revised revised) {
      revisions.add(Set.copyOf(revised.changed()));
    }
  }

  private static String name(int i) {
    return "file-" + i;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  private Watch watch() throws InterruptedException {
    return Watch.over(root, memo, Folder::keysOf, changes);
  }

  private void askAll() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      var _ = memo.get(FileText.of(name(i)));
    }
  }

  @Test
  void aBurstIsOneRevision() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      for (int i = 0; i < 50; i++) {
        write(name(i), "new");
        changes.tell(name(i));
      }
      // Told by the thread of the watch, when the burst is over, though nobody settles.
      Set<Key<?>> changed = new java.util.HashSet<>();
      while (changed.size() < 50) {
        changed.addAll(next());
      }
      assertEquals(memo.revision(), watch.settle());
    }
  }

  @Test
  void theKernelTellsThoughNobodySettles() throws Exception {
    Memo own = Memo.builder().view(Folder.at(root)).listener(this::hear).open();
    try (Watch watch = Watch.over(root, own, Folder::keysOf)) {
      assertEquals(new Watch.Mode.Listening(), watch.mode());
      assertEquals(Optional.of("old"), own.get(FileText.of(name(1))));
      write(name(1), "new");
      // Writing a file is two changes, to nothing and to the text, and can be two revisions.
      do {
        assertEquals(Set.of(FileText.of(name(1))), next());
        var _ = own.edit(edit -> {}); // comes after the one that is told of
      } while (!own.get(FileText.of(name(1))).equals(Optional.of("new")));
    }
  }

  private Set<Key<?>> next() throws InterruptedException {
    return Optional.ofNullable(revisions.poll(60, TimeUnit.SECONDS)).orElseThrow();
  }

  @Test
  void whatIsSettledAtOnceIsExactlyOneRevision() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      watch.settle();
      long before = memo.revision();
      for (int i = 0; i < 50; i++) {
        write(name(i), "new");
      }
      changes.tellFolder(""); // one event, so that no pause can cut it in two
      assertEquals(before + 1, watch.settle());
      assertEquals(50, next().size());
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(49))));
    }
  }

  @Test
  void onlyWhatChangedIsLookedAt() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      write(name(7), "new");
      asked.set(0);
      changes.tell(name(7));
      watch.settle();
      assertEquals(1, asked.get());
      assertEquals(Set.of(FileText.of(name(7))), next());
    }
  }

  @Test
  void whatWasNeverAskedMakesNoRevision() throws Exception {
    try (Watch watch = watch()) {
      long before = memo.revision();
      changes.tell(name(3));
      assertEquals(before, watch.settle());
      assertEquals(0, asked.get());
    }
  }

  @Test
  void whatChangedBeforeAnybodyListenedIsFound() throws Exception {
    askAll();
    write(name(1), "new");
    try (Watch watch = watch()) {
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      assertEquals(new Watch.Mode.Listening(), watch.mode());
    }
  }

  @Test
  void aFolderThatCameOrWentMakesEverythingCompared() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      write(name(1), "new"); // nobody tells
      asked.set(0);
      changes.tellFolder("somewhere");
      watch.settle();
      assertEquals(50, asked.get());
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      assertEquals(1, changes.opened);
    }
  }

  @Test
  void afterALossEverythingIsComparedAndListeningBegunAnew() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      write(name(1), "new");
      changes.lose("overflow");
      watch.settle();
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      assertEquals(2, changes.opened);
      assertEquals(1, changes.listening());
      assertEquals(new Watch.Mode.Listening(), watch.mode());
    }
  }

  @Test
  void aSourceThatDoesNotAnswerIsALoss() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      write(name(1), "new");
      changes.silence = Optional.of("the kernel has told nothing");
      watch.settle();
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      assertEquals(2, changes.opened);
    }
  }

  @Test
  void withoutListeningEachSettlingCompares() throws Exception {
    changes.refusal = Optional.of("cannot listen to changes of R: too many");
    try (Watch watch = watch()) {
      assertEquals(
          new Watch.Mode.Comparing(
              "cannot listen to changes of R: too many; until then every request compares all"
                  + " files"),
          watch.mode());
      askAll();
      for (int i = 0; i < 5; i++) {
        write(name(1), "new " + i);
        watch.settle();
        assertEquals(Optional.of("new " + i), memo.get(FileText.of(name(1))));
      }
    }
  }

  @Test
  void listeningIsTriedAgainAfterAWhile() throws Exception {
    changes.refusal = Optional.of("too many");
    try (Watch watch = watch()) {
      askAll();
      changes.refusal = Optional.empty();
      for (int i = 0; i < 15; i++) {
        watch.settle();
        assertEquals(0, changes.opened);
      }
      write(name(1), "new");
      watch.settle(); // begins to listen, and compares once more
      assertEquals(new Watch.Mode.Listening(), watch.mode());
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      asked.set(0);
      watch.settle();
      assertEquals(0, asked.get());
    }
  }

  @Test
  void listeningThatCannotBeBegunAnewIsComparing() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      changes.refusal = Optional.of("too many");
      changes.lose("overflow");
      write(name(1), "new");
      watch.settle();
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
      assertEquals(
          new Watch.Mode.Comparing("too many; until then every request compares all files"),
          watch.mode());
      write(name(1), "newer");
      watch.settle();
      assertEquals(Optional.of("newer"), memo.get(FileText.of(name(1))));
    }
  }

  /** Whoever interrupts a request must not make the next one miss what was heard. */
  @Test
  void whatWasHeardOutlivesAnInterruption() throws Exception {
    try (Watch watch = watch()) {
      askAll();
      write(name(1), "new");
      looking = new CountDownLatch(1);
      gate = new CountDownLatch(1);
      changes.tell(name(1));
      Thread impatient = Thread.ofVirtual().start(() -> settleOrNot(watch));
      looking.await();
      impatient.interrupt();
      // Were it the watch's own thread that looks, this one waits for it.
      impatient.join();
      gate.countDown();
      watch.settle();
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
    }
  }

  private static void settleOrNot(Watch watch) {
    try {
      watch.settle();
    } catch (InterruptedException e) {
      // as it should be
    }
  }

  @Test
  void keysThatCannotBeNamedAreTheCallersFailureAndNotSilence() throws Exception {
    try (Watch watch =
        Watch.over(
            root,
            memo,
            path -> {
              throw new IllegalStateException("no keys of " + path);
            },
            changes)) {
      askAll();
      write(name(1), "new");
      changes.tell(name(1));
      // By this thread or by that of the watch, whichever comes first.
      try {
        watch.settle();
      } catch (IllegalStateException e) {
        assertEquals("no keys of file-1", e.getMessage());
      }
      assertEquals(
          new Watch.Mode.Comparing(
              "the memo could not be told of changes: java.lang.IllegalStateException: no keys of"
                  + " file-1"),
          watch.mode());
      watch.settle();
      assertEquals(Optional.of("new"), memo.get(FileText.of(name(1))));
    }
  }

  @Test
  void closingEndsListening() throws Exception {
    Watch watch = watch();
    askAll();
    watch.close();
    watch.close();
    assertEquals(0, changes.listening());
    IllegalStateException closed = assertThrows(IllegalStateException.class, watch::settle);
    assertEquals("the watch over " + root + " is closed", closed.getMessage());
    assertEquals(Optional.of("old"), memo.get(FileText.of(name(1))));
  }

  /** Many settle while much is told: none of them misses what was there when he began. */
  @Test
  void manySettleAtOnce() throws Exception {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    try (Watch watch = watch()) {
      askAll();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = name(i);
        threads.add(Thread.ofVirtual().start(() -> writeAndRead(watch, name, failures)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertTrue(
        failures.isEmpty(),
        () -> failures.stream().map(Throwable::toString).collect(Collectors.joining("\n")));
  }

  private void writeAndRead(Watch watch, String name, List<Throwable> failures) {
    try {
      for (int i = 0; i < 50; i++) {
        write(name, "text " + i);
        changes.tell(name);
        watch.settle();
        assertEquals(Optional.of("text " + i), MissedEventsTest.current(memo, FileText.of(name)));
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }
}

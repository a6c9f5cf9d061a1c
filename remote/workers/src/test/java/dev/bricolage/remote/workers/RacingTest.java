package dev.bricolage.remote.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Toolset;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RacingTest {
  private static final Action ACTION =
      new Action(
          new Command(List.of("cc"), new TreeMap<>(), "/build", new TreeMap<>()),
          Tree.EMPTY,
          Optional.empty());

  private final MemoryBlobs blobs = new MemoryBlobs();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final StringBuilder heard = new StringBuilder();

  private Execution said(String text) {
    Digest stdout = blobs.put(text.getBytes(StandardCharsets.UTF_8));
    Outcome outcome =
        new Outcome(
            0,
            new TreeMap<>(),
            Set.of(),
            List.of(),
            stdout,
            blobs.put(new byte[0]),
            List.of(new Outcome.Span(false, text.length())));
    return new Execution(
        new Execution.Ending.Exited(0),
        outcome,
        Set.of(),
        Set.of(),
        Duration.ZERO,
        0,
        List.of(),
        Map.of(),
        List.of(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  /** Runs until it is ended. */
  private final Executor endless =
      (action, tools, console, control) -> {
        begun.countDown();
        try {
          new CountDownLatch(1).await();
          throw new AssertionError("never");
        } finally {
          ended.countDown();
        }
      };

  private static Executor fails(IOException failure) {
    return (action, tools, console, control) -> {
      throw failure;
    };
  }

  private Execution race(Executor there, Executor here, int places)
      throws IOException, InterruptedException {
    Console console =
        new Console() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            heard.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {}
        };
    return new Racing(there, new Places(here, places), blobs, new Trouble(warnings::add))
        .execute(ACTION, Toolset.NONE, console, new Control(() -> {}));
  }

  @Test
  void theFirstIsBelievedAndTheOtherHasEnded() throws Exception {
    Execution there = said("there");
    Executor waits =
        (action, tools, console, control) -> {
          begun.await();
          return there;
        };
    assertSame(there, race(waits, endless, 1));
    assertEquals(0, ended.getCount());
    assertEquals("there", heard.toString());
  }

  @Test
  void hereMayBeFirst() throws Exception {
    Execution here = said("here");
    assertSame(here, race(endless, (action, tools, console, control) -> here, 1));
    assertEquals("here", heard.toString());
    assertEquals(List.of(), warnings);
  }

  @Test
  void withoutAPlaceHereItRunsThere() throws Exception {
    Execution there = said("there");
    Executor never =
        (action, tools, console, control) -> {
          throw new AssertionError("there was no place");
        };
    assertSame(there, race((action, tools, console, control) -> there, never, 0));
  }

  @Test
  void whoCannotRunLosesTheRace() throws Exception {
    Execution here = said("here");
    RemoteFailure away = new RemoteFailure(RemoteFailure.Kind.UNAVAILABLE, "it is away");
    CountDownLatch told = new CountDownLatch(1);
    Executor later =
        (action, tools, console, control) -> {
          while (warnings.isEmpty()) {
            Thread.onSpinWait();
          }
          told.countDown();
          return here;
        };
    assertSame(here, race(fails(away), later, 1));
    assertEquals(List.of("it is away; it runs here"), warnings);
  }

  @Test
  void ifBothFailThisMachineSaysWhy() {
    IOException full = new IOException("the disk is full");
    RemoteFailure away = new RemoteFailure(RemoteFailure.Kind.UNAVAILABLE, "it is away");
    assertSame(full, assertThrows(IOException.class, () -> race(fails(away), fails(full), 1)));
  }

  @Test
  void anInterruptionEndsBoth() throws Exception {
    Thread asker =
        Thread.ofVirtual()
            .start(() -> assertThrows(InterruptedException.class, () -> race(endless, endless, 1)));
    begun.await();
    asker.interrupt();
    asker.join();
    assertTrue(ended.await(0, java.util.concurrent.TimeUnit.SECONDS));
  }
}

package dev.bricolage.memo.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.memo.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where races are staged: actors, each on a thread of its own, that step each other by signals. A
 * signal is raised once and stays up. Nothing waits longer than {@link #PATIENCE}: a signal that
 * does not come is an error, not a test that hangs.
 *
 * <p>As a memo's listener it raises "KEY runs", "KEY stands", "KEY ends", "KEY is cancelled", "KEY
 * is recalled", "KEY is evicted", "the store failed for KEY", "somebody waits for KEY" and
 * "revision N".
 */
final class Stage implements Consumer<Event> {
  /** Seconds; a busy machine is no reason to fail. */
  private static final int PATIENCE = 60;

  private final boolean virtual;
  private final Map<String, CountDownLatch> signals = new ConcurrentHashMap<>();
  private final List<String> raised = new ArrayList<>();

  /** A stage whose actors have virtual threads, or threads of the platform. */
  Stage(boolean virtual) {
    this.virtual = virtual;
  }

  private CountDownLatch signal(String name) {
    return signals.computeIfAbsent(name, absent -> new CountDownLatch(1));
  }

  void raise(String name) {
    synchronized (raised) {
      raised.add(name);
    }
    signal(name).countDown();
  }

  /** All that was raised so far, in its order. */
  List<String> raised() {
    synchronized (raised) {
      return List.copyOf(raised);
    }
  }

  boolean isUp(String name) {
    return signal(name).getCount() == 0;
  }

  void await(String name) throws InterruptedException {
    if (!signal(name).await(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("no signal: " + name + "; there were: " + raised());
    }
  }

  /** As somebody who does not let himself be interrupted. */
  void awaitDeafly(String name) {
    while (true) {
      try {
        if (!signal(name).await(2 * PATIENCE, TimeUnit.SECONDS)) { // longer than all others
          throw new AssertionError("no signal: " + name);
        }
        return;
      } catch (InterruptedException e) {
        raise("deaf to an interrupt");
      }
    }
  }

  @Override
  public void accept(Event event) {
    switch (event) {
      case Event.Started started -> raise(started.key() + " runs");
      case Event.Ran ran -> raise(ran.key() + " ends");
      case Event.Verified verified -> raise(verified.key() + " stands");
      case Event.Cancelled cancelled -> raise(cancelled.key() + " is cancelled");
      case Event.Recalled recalled -> raise(recalled.key() + " is recalled");
      case Event.Evicted evicted -> raise(evicted.key() + " is evicted");
      case Event.StoreFailed failed -> raise("the store failed for " + failed.key());
      case Event.Waiting waiting -> raise("somebody waits for " + waiting.key());
      case Event.Revised revised -> raise("revision " + revised.revision());
      default -> {}
    }
  }

  /** Lets somebody do this beside the test. */
  <T> Actor<T> actor(Callable<T> does) {
    FutureTask<T> task = new FutureTask<>(does);
    Thread thread = virtual ? Thread.ofVirtual().unstarted(task) : new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return new Actor<>(task, thread);
  }

  /** Somebody with a thread of his own. */
  record Actor<T>(FutureTask<T> task, Thread thread) {
    /** What he came to. */
    T gives() throws Exception {
      return task.get(PATIENCE, TimeUnit.SECONDS);
    }

    /** How he failed. */
    <E extends Throwable> E fails(Class<E> how) {
      return assertInstanceOf(how, assertThrows(Exception.class, this::gives).getCause());
    }

    void interrupt() {
      thread.interrupt();
    }

    boolean isDone() {
      return task.isDone();
    }
  }
}

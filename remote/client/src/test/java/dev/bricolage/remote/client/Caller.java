package dev.bricolage.remote.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.function.Executable;

/** Another thread of a test, whose failures are the test's. */
final class Caller {
  final Thread thread;
  private final AtomicReference<Optional<Throwable>> failure =
      new AtomicReference<>(Optional.empty());

  Caller(Executable what) {
    thread = Thread.startVirtualThread(() -> run(what));
  }

  private void run(Executable what) {
    try {
      what.execute();
    } catch (Throwable e) { // asserted elsewhere
      failure.set(Optional.of(e));
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Until it waits for somebody. */
  void awaitWaiting() {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  void join() throws InterruptedException {
    thread.join();
    if (failure.get().isPresent()) {
      throw new AssertionError("the other thread failed", failure.get().get());
    }
  }
}

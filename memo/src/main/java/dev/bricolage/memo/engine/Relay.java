package dev.bricolage.memo.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs something on a fresh virtual thread and waits for it: where the stack has grown deep. Stands
 * in for structured concurrency, which is a preview in Java 25.
 */
final class Relay<T> {
  private final Strand strand;

  Relay(Strand strand) {
    this.strand = strand;
  }

  /** Who cancels interrupts the fresh thread; an interrupt of the caller's own cancels. */
  T over(Engine.Body<T> body) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(body::run);
    Thread.ofVirtual().name("memo").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          if (!interrupted) { // or cancelling, which interrupts this thread again, never ends
            interrupted = true;
            strand.interrupted();
          }
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** As it was thrown over there. */
  static RuntimeException rethrown(@Nullable Throwable thrown) throws InterruptedException {
    switch (thrown) {
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(thrown);
    }
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that is done to its end although who waits for it is interrupted meanwhile: an interruption
 * closes files that its thread reads or writes. So it has a thread of its own, and the interruption
 * is kept for later.
 */
final class Undisturbed {
  private Undisturbed() {}

  /** Something to be done. */
  @FunctionalInterface
  interface Work {
    void run() throws NinjaError, IOException, InterruptedException;
  }

  /** Does it. */
  static void run(Work work) throws NinjaError, IOException {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          work.run();
          return true;
        });
    Thread.ofVirtual().name("undisturbed").start(task);
    boolean interrupted = false;
    while (true) {
      try {
        task.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case NinjaError refused -> throw refused;
          case IOException failed -> throw failed;
          case RuntimeException fault -> throw fault;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

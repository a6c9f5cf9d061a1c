package dev.bricolage.remote.client.blob;

import dev.bricolage.remote.client.line.RemoteFailure;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Jobs side by side, on virtual threads: all end before the caller goes on. The first that fails
 * ends the others, and so does an interruption of the caller.
 */
public final class Together {
  private final Queue<Job> left;
  private final AtomicReference<Optional<Throwable>> failure =
      new AtomicReference<>(Optional.empty());
  private final List<Thread> crew;

  /** Something to do. */
  @FunctionalInterface
  public interface Job {
    /** Does it. */
    void run() throws RemoteFailure, InterruptedException;
  }

  private Together(int width, List<? extends Job> jobs) {
    left = new ConcurrentLinkedQueue<>(jobs);
    crew =
        IntStream.range(0, Math.min(width, jobs.size()))
            .mapToObj(i -> Thread.ofVirtual().unstarted(this::work))
            .toList();
  }

  /** Runs these, at most {@code width} at once. */
  public static void run(int width, List<? extends Job> jobs)
      throws RemoteFailure, InterruptedException {
    if (jobs.size() == 1) {
      jobs.getFirst().run();
    } else if (!jobs.isEmpty()) {
      new Together(width, jobs).run();
    }
  }

  private void run() throws RemoteFailure, InterruptedException {
    crew.forEach(Thread::start);
    boolean interrupted = false;
    for (Thread thread : crew) {
      interrupted |= join(thread);
    }
    if (interrupted) {
      throw new InterruptedException();
    }
    Optional<Throwable> failed = failure.get();
    if (failed.isPresent()) {
      rethrow(failed.get());
    }
  }

  /** Waits for it in any case; whether we were interrupted meanwhile. */
  private boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        stop();
      }
    }
  }

  private void stop() {
    left.clear();
    crew.forEach(Thread::interrupt);
  }

  private void work() {
    for (Job job = left.poll(); job != null; job = left.poll()) {
      try {
        job.run();
      } catch (Throwable e) { // errors too: the caller would think that all is done
        if (failure.compareAndSet(Optional.empty(), Optional.of(e))) {
          stop();
        }
        return;
      }
    }
  }

  private static void rethrow(Throwable failure) throws RemoteFailure, InterruptedException {
    switch (failure) {
      case RemoteFailure e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}

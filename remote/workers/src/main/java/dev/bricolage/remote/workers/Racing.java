package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Replay;
import dev.bricolage.execute.Toolset;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs an action here and elsewhere at once: who is done first is believed, the other is ended, and
 * has ended before anybody hears of it. What it writes is heard when it is known who won.
 */
public final class Racing implements Executor {
  private final Executor there;
  private final Executor here;
  private final Blobs blobs;
  private final Trouble trouble;

  /**
   * A race.
   *
   * @param blobs where both leave what was written
   */
  public Racing(Executor there, Executor here, Blobs blobs, Trouble trouble) {
    this.there = there;
    this.here = here;
    this.blobs = blobs;
    this.trouble = trouble;
  }

  @Override
  public Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException {
    Race race = new Race();
    Execution won;
    try {
      race.start("race there", () -> there.execute(action, tools, Console.SILENT, own()));
      race.start("race here", () -> here.execute(action, tools, Console.SILENT, own()));
      won = race.winner();
    } finally {
      race.end();
    }
    new Replay(won.outcome(), blobs).to(console);
    return won;
  }

  /** A signal ends the whole race, by the thread that waits for it. */
  private static Control own() {
    return new Control(() -> {});
  }

  /** One who runs. */
  private interface Runner {
    Execution run() throws IOException, InterruptedException;
  }

  /** How one came in. */
  private record Came(Optional<Execution> execution, Optional<Exception> failure) {}

  private final class Race {
    private final List<Thread> runners = new ArrayList<>();
    private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();

    void start(String name, Runner runner) {
      runners.add(Thread.ofVirtual().name(name).start(() -> came.add(run(runner))));
    }

    private Came run(Runner runner) {
      try {
        return new Came(Optional.of(runner.run()), Optional.empty());
      } catch (IOException | InterruptedException | RuntimeException e) {
        return new Came(Optional.empty(), Optional.of(e));
      }
    }

    /** The first who has a result; if none has, what kept this machine from it. */
    Execution winner() throws IOException, InterruptedException {
      List<Exception> failures = new ArrayList<>();
      while (failures.size() < runners.size()) {
        Came next = came.take();
        if (next.execution().isPresent()) {
          return next.execution().get();
        }
        next.failure().ifPresent(failures::add);
        if (next.failure().orElseThrow() instanceof RemoteFailure remote) {
          trouble.tell(remote, "; it runs here");
        }
      }
      Exception worst =
          failures.stream()
              .filter(failure -> !(failure instanceof RemoteFailure))
              .findFirst()
              .orElse(failures.getFirst());
      switch (worst) {
        case IOException e -> throw e;
        case InterruptedException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new IllegalStateException(worst);
      }
    }

    /** Ends whoever still runs, and waits for it. */
    void end() {
      runners.forEach(Thread::interrupt);
      boolean interrupted = false;
      for (Thread runner : runners) {
        while (runner.isAlive()) {
          try {
            runner.join();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

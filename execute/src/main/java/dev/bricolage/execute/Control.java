package dev.bricolage.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Lets another thread send signals to a run, before, while and after it goes on. */
public final class Control {
  private final List<Integer> early = new ArrayList<>();
  private Optional<IntConsumer> run = Optional.empty();

  /** Sends a signal to every process of the run; one sent before it started waits for it. */
  public synchronized void signal(int number) {
    if (run.isPresent()) {
      run.get().accept(number);
    } else {
      early.add(number);
    }
  }

  /** The run has started; {@code signal} delivers. */
  synchronized void started(IntConsumer signal) {
    run = Optional.of(signal);
    early.forEach(signal::accept);
    early.clear();
  }
}

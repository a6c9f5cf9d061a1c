package dev.bricolage.execute;

import java.util.Optional;
import java.util.function.IntConsumer;

/** Lets another thread reach whoever asks for a run: the run itself, or, before it, the asker. */
public final class Control {
  private final Runnable cancel;
  private Optional<IntConsumer> run = Optional.empty();

  /**
   * A control.
   *
   * @param cancel ends the asking while nothing runs: it waits for somebody else's run, or takes a
   *     snapshot
   */
  public Control(Runnable cancel) {
    this.cancel = cancel;
  }

  /** Sends a signal to every process of the run; without one, cancels. */
  public synchronized void signal(int number) {
    run.ifPresentOrElse(deliver -> deliver.accept(number), cancel);
  }

  /** The run has started; {@code deliver} reaches it. */
  synchronized void started(IntConsumer deliver) {
    run = Optional.of(deliver);
  }

  /** The run is over; from now on a signal cancels. */
  synchronized void ended() {
    run = Optional.empty();
  }
}

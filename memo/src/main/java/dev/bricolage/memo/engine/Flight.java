package dev.bricolage.memo.engine;

import org.jspecify.annotations.Nullable;

/** One computation of one node, for all who wait for it. */
final class Flight {
  final Strand strand;
  private boolean ended;
  private @Nullable Landing landing;

  Flight(Strand strand) {
    this.strand = strand;
  }

  /** What a computation came to. */
  sealed interface Landing {
    /**
     * A value or failure.
     *
     * @param kept whether it is remembered; if not, who asked is not to be remembered either
     */
    record Result(State.Done done, boolean kept) implements Landing {}

    /** The node waits for itself. */
    record Circular(dev.bricolage.memo.Cycle cycle) implements Landing {}

    /** Cancelled: look again. */
    record Nothing() implements Landing {}
  }

  synchronized void land(Landing how) {
    landing = how;
    ended = true;
    notifyAll();
  }

  /** Wakes those who wait, to look whether there is anything left to wait for. */
  synchronized void nudge() {
    notifyAll();
  }

  /** Waits for the end, or until the strand that computes is cancelled. */
  synchronized Landing await() throws InterruptedException {
    while (!ended && !strand.cancelled()) {
      wait();
    }
    return landing == null ? new Landing.Nothing() : landing;
  }
}

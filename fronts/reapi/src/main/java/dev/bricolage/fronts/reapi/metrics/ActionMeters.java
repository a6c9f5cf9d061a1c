package dev.bricolage.fronts.reapi.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts actions: how many wait and run, what became of them, and how long that took. */
public final class ActionMeters {
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final Meters.Counter ended;
  private final Meters.Histogram seconds;

  /** Counts in {@code meters}. */
  public ActionMeters(Meters meters) {
    meters.gauge("bric_actions_waiting", "Actions that wait for a machine.", waiting::get);
    meters.gauge("bric_actions_running", "Actions that are being run or recalled.", running::get);
    ended =
        meters.counter(
            "bric_actions_total",
            "Actions that ended: cached (the client's very action was known), remembered (what it"
                + " reads was), run, timed_out, refused, failed (could not be run), cancelled.",
            "how");
    seconds = meters.histogram("bric_action_seconds", "How long actions waited and ran.", "stage");
  }

  /** One action on its way. */
  public final class OnItsWay {
    private final long begun = System.nanoTime();
    private long began;

    private OnItsWay() {
      waiting.incrementAndGet();
    }

    /** It waits no more. */
    public synchronized void started() {
      if (began != 0) {
        return;
      }
      began = System.nanoTime();
      waiting.decrementAndGet();
      running.incrementAndGet();
      seconds.took(Duration.ofNanos(began - begun), "waiting");
    }

    /** It is over. */
    public synchronized void ended(String how) {
      if (began == 0) {
        waiting.decrementAndGet();
      } else {
        running.decrementAndGet();
        seconds.took(Duration.ofNanos(System.nanoTime() - began), "running");
      }
      ended.add(1, how);
    }
  }

  /** One more begins to wait. */
  public OnItsWay waits() {
    return new OnItsWay();
  }

  /** One was answered at once. */
  public void cached() {
    ended.add(1, "cached");
  }
}

package dev.bricolage.fronts.ninja.status;

import java.util.ArrayDeque;
import java.util.Deque;

/** Edges a second over the last few that ended: as many as may run at once. */
public final class CurrentRate {
  private final int window;
  private final Deque<Long> times = new ArrayDeque<>();
  private int counted = -1;
  private double rate = -1;

  /** Over the last {@code window} edges. */
  public CurrentRate(int window) {
    this.window = window;
  }

  /** Edges a second now that so many have ended; -1 while it is not known. */
  public double at(int finished, long elapsedMillis) {
    if (finished == counted) {
      return rate;
    }
    counted = finished;
    if (times.size() == window) {
      times.pop();
    }
    times.add(elapsedMillis);
    long span = times.getLast() - times.getFirst();
    if (span != 0) {
      rate = times.size() / (span / 1e3);
    }
    return rate;
  }
}

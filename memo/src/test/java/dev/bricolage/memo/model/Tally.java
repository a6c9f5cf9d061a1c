package dev.bricolage.memo.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.LongAdder;

/** How often each thing was met, so that we know the play is not one-sided. */
final class Tally {
  final LongAdder scenarios = new LongAdder();
  final LongAdder asked = new LongAdder();
  final LongAdder exact = new LongAdder();
  final LongAdder ran = new LongAdder();
  final LongAdder spared = new LongAdder();
  final LongAdder recalled = new LongAdder();
  final LongAdder fresh = new LongAdder();
  final LongAdder asIs = new LongAdder();
  final LongAdder cycles = new LongAdder();
  final LongAdder races = new LongAdder();
  final LongAdder cancelled = new LongAdder();

  /** Each thing was met often enough to mean something. */
  void assertManySided() {
    long count = scenarios.sum();
    assertTrue(exact.sum() > 5 * count, this::toString);
    assertTrue(ran.sum() > 5 * count && spared.sum() > 5 * count, this::toString);
    assertTrue(recalled.sum() > count / 2 && races.sum() > count / 40, this::toString);
  }

  @Override
  public String toString() {
    return scenarios
        + " scenarios, "
        + asked
        + " keys asked, "
        + exact
        + " sets of tasks compared, "
        + ran
        + " tasks ran, "
        + spared
        + " need not, "
        + recalled
        + " recalled, "
        + fresh
        + " fresh, "
        + asIs
        + " known without running, "
        + cycles
        + " cycles named, "
        + races
        + " races, "
        + cancelled
        + " cancelled";
  }
}

package dev.bricolage.fuzz;

import dev.bricolage.execute.Runs.Answered;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** How the turns of a fuzz run were answered: a run without hits would prove nothing. */
final class Tally {
  private final LongAdder turns = new LongAdder();
  private final LongAdder remembered = new LongAdder();
  private final LongAdder forgotten = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder plain = new LongAdder();

  void count(Optional<Answered> answered) {
    turns.increment();
    if (answered.isEmpty()) {
      refused.increment();
    } else if (answered.get() instanceof Answered.Ran ran) {
      ran.forgotten().ifPresent(reason -> forgotten.increment());
    } else {
      remembered.increment();
    }
  }

  void plain() {
    plain.increment();
  }

  long turns() {
    return turns.sum();
  }

  long remembered() {
    return remembered.sum();
  }

  @Override
  public String toString() {
    return "%d turns: %d remembered, %d not to be remembered, %d refused, %d also run plainly"
        .formatted(turns.sum(), remembered.sum(), forgotten.sum(), refused.sum(), plain.sum());
  }
}

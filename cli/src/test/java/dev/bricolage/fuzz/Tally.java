package dev.bricolage.fuzz;

import dev.bricolage.execute.InnerRun;
import dev.bricolage.execute.Runs.Answered;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How the turns of a fuzz run were answered: a run without hits would prove nothing. */
public final class Tally {
  private final LongAdder turns = new LongAdder();
  private final LongAdder remembered = new LongAdder();
  private final LongAdder forgotten = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder plain = new LongAdder();
  private final LongAdder toolsRemembered = new LongAdder();
  private final LongAdder toolsRan = new LongAdder();
  private final LongAdder edgesRan = new LongAdder();
  private final LongAdder edgesBrought = new LongAdder();
  private final LongAdder edgesLeft = new LongAdder();
  private final LongAdder lookups = new LongAdder();
  private final Map<String, Integer> reasons = new ConcurrentSkipListMap<>();

  /** A turn was answered. */
  public void count(Optional<Answered> answered) {
    turns.increment();
    if (answered.isEmpty()) {
      refused.increment();
    } else if (answered.get() instanceof Answered.Ran ran) {
      ran.execution().tools().forEach(this::tool);
      lookups.add(ran.execution().counters().getOrDefault("recorded", 0L));
      ran.forgotten()
          .ifPresent(reason -> {
            forgotten.increment();
            count("build: " + reason);
          });
    } else {
      remembered.increment();
    }
  }

  private void tool(InnerRun tool) {
    (tool.remembered() ? toolsRemembered : toolsRan).increment();
    if (!tool.forgotten().isEmpty()) {
      count(tool.forgotten());
    }
  }

  /** Without the path, or every reason would stand alone. */
  private void count(String reason) {
    reasons.merge(reason.replaceAll("/\\S+", "PATH"), 1, Integer::sum);
  }

  long toolsRemembered() {
    return toolsRemembered.sum();
  }

  /** How the tools of builds that ran were answered. */
  String tools() {
    return "%d tools remembered, %d ran, %d lookups noted by programs; not to be remembered: %s"
        .formatted(toolsRemembered.sum(), toolsRan.sum(), lookups.sum(), reasons);
  }

  /** A turn of many edges: how each of them was answered. */
  public void edges(int ran, int brought, int left) {
    turns.increment();
    edgesRan.add(ran);
    edgesBrought.add(brought);
    edgesLeft.add(left);
  }

  /** Something that is counted by its name. */
  public void name(String what) {
    reasons.merge(what, 1, Integer::sum);
  }

  /** How edges were answered, and what was counted by name. */
  public String edges() {
    return "%d builds; edges: %d ran, %d brought, %d left alone; %d plain builds; %s"
        .formatted(
            turns.sum(), edgesRan.sum(), edgesBrought.sum(), edgesLeft.sum(), plain.sum(), reasons);
  }

  /** How many edges came from memory. */
  public long edgesBrought() {
    return edgesBrought.sum();
  }

  /** A plain run beside it. */
  public void plain() {
    plain.increment();
  }

  /** All turns. */
  public long turns() {
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

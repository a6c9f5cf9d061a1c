package dev.bricolage.memo;

import java.util.List;

/**
 * The memory of one run (a constructive trace, Mokhov et al., "Build Systems à la Carte", 2018).
 *
 * @param key what was asked
 * @param order whether the order of the groups means something
 * @param groups what the run asked in its turn: groups of steps, none of which was asked for the
 *     sake of another's answer in the same group; in {@link Order#ANY} a single group
 * @param value what it gave
 */
public record Trace(Question key, Order order, List<List<Step>> groups, String value) {
  /** Whether the order in which a run asks means something. */
  public enum Order {
    /**
     * No: its questions are facts, free to ask in any world, whatever other answers are. So it is
     * with processes, whose order is chance.
     */
    ANY,
    /**
     * Yes: which question comes next is a function of the answers so far, and a question may cost
     * anything, or have no answer, in a world where it would not be asked.
     */
    ASKED
  }

  /** Copies. Refuses what no walk could ever meet again. */
  public Trace {
    groups = groups.stream().map(List::copyOf).toList();
    if (order == Order.ANY && groups.size() > 1) {
      throw new IllegalArgumentException("steps in any order are one group: " + key);
    }
    for (List<Step> group : groups) {
      for (Step step : group) {
        if (step.answer().equals(View.UNANSWERABLE)) {
          throw new IllegalArgumentException(
              "a trace cannot hold what had no answer: " + step.question() + ", asked by " + key);
        }
      }
    }
  }

  /**
   * A trace of facts.
   *
   * @param steps in a canonical order, so that equal runs give equal traces
   */
  public Trace(Question key, List<Step> steps, String value) {
    this(key, Order.ANY, List.of(steps), value);
  }

  /** All steps, group after group. */
  public List<Step> steps() {
    return groups.size() == 1 ? groups.getFirst() : groups.stream().flatMap(List::stream).toList();
  }
}

package dev.bricolage.memo;

import java.util.List;

/**
 * The memory of one run (a constructive trace, Mokhov et al., "Build Systems à la Carte", 2018).
 *
 * @param key what was asked
 * @param steps what the run asked in its turn; where the run's own order has no meaning (a parallel
 *     make), in a canonical order, so that equal runs give equal traces
 * @param value what it gave
 */
public record Trace(Question key, List<Step> steps, String value) {
  /** Copies. */
  public Trace {
    steps = List.copyOf(steps);
  }
}

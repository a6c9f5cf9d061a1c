package dev.bricolage.memo;

import java.util.List;

/** What walking a key's traces came to. */
public sealed interface Recall {
  /** A trace fits entirely. */
  record Fits(String value, int questions) implements Recall {}

  /** No trace was ever recorded for this key. */
  record FirstTime() implements Recall {}

  /**
   * There are traces, and none fits.
   *
   * @param differences what stands against the trace that came nearest, never empty
   */
  record Differs(List<Difference> differences) implements Recall {
    /** Copies. */
    public Differs {
      differences = List.copyOf(differences);
    }
  }

  /** A trace fits, but the value it leads to is lost or unreadable. */
  record Lost(String value) implements Recall {}

  /** A question with another answer than the one remembered. */
  record Difference(Question question, String remembered, String now) {
    @Override
    public String toString() {
      return question.subject() + ": " + remembered + " -> " + now;
    }
  }
}

package dev.bricolage.memo.model;

import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.List;

/** Ways to break the engine from outside, so that we know the comparison bites. */
enum Mutant {
  /** Not broken. */
  NONE,
  /** No value is ever the one from before: nothing is cut off. */
  NEVER_SAME,
  /** Every value is the one from before: nothing is invalidated. */
  ALWAYS_SAME,
  /** One change of an edit is not told. */
  UNTOLD_INPUT,
  /** Nobody says that the view answers otherwise. */
  UNTOLD_VIEW,
  /** The last group of a trace is not recorded. */
  LOST_GROUP,
  /** The groups of a trace are recorded the other way round. */
  TURNED_GROUPS,
  /** Traces are recorded with a value that is not theirs. */
  WRONG_VALUE,
  /** Nothing is recorded. */
  NO_TRACES,
  /** A task reads what it was told the first time, and does not ask again. */
  SIDE_DOOR;

  /** How cells judge that should judge so. */
  Cell.Sameness sameness(Cell.Sameness right) {
    return switch (this) {
      case NEVER_SAME -> Cell.Sameness.NEVER;
      case ALWAYS_SAME -> Cell.Sameness.ALWAYS;
      default -> right;
    };
  }

  /** What is recorded instead of this. */
  Trace recorded(Trace trace) {
    List<List<Step>> groups = trace.groups();
    return switch (this) {
      case LOST_GROUP -> with(trace, groups.subList(0, Math.max(0, groups.size() - 1)));
      case TURNED_GROUPS -> with(trace, groups.reversed());
      case WRONG_VALUE -> new Trace(trace.key(), trace.order(), groups, "=0");
      default -> trace;
    };
  }

  private static Trace with(Trace trace, List<List<Step>> groups) {
    return new Trace(trace.key(), trace.order(), groups, trace.value());
  }
}

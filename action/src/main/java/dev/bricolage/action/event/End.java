package dev.bricolage.action.event;

import java.time.Instant;

/**
 * How a request came out.
 *
 * @param status the exit status that the user sees
 */
public record End(Instant at, Result result, int status) {
  /** In a word. */
  public enum Result {
    /** All that was asked for is there. */
    WELL,
    /** Something failed. */
    FAILED,
    /** What was asked cannot be understood. */
    MISUSED,
    /** The user ended it. */
    INTERRUPTED,
    /** The machine lacks something, or refused something. */
    HINDERED,
    /** A fault of ours. */
    BROKEN
  }
}

package dev.bricolage.memo;

import java.time.Duration;
import java.util.List;

/** What happens in a memo. Progress, traces, histories and tests are readers of it. */
public sealed interface Event {
  /** Inputs were set. */
  record Revised(long revision, List<Key<?>> changed) implements Event {}

  /** A task begins to run, on the thread that tells. */
  record Started(Key<?> key) implements Event {}

  /**
   * The task ended, on the thread that told of its start.
   *
   * @param cutOff its value is the one it had before: nothing after it is redone for its sake
   * @param failed it threw
   */
  record Ran(Key<?> key, Duration took, boolean cutOff, boolean failed) implements Event {}

  /** Everything it had asked still has the same answer; the value stands without running. */
  record Verified(Key<?> key) implements Event {}

  /** The value came from the store. */
  record Recalled(Key<?> key, int questions) implements Event {}

  /** The store had no trace that fits. */
  record Missed(Key<?> key, Recall why) implements Event {}

  /** A trace was recorded. */
  record Recorded(Key<?> key) implements Event {}

  /** It ran, and this is why it will not be remembered. */
  record Forgotten(Key<?> key, String reason) implements Event {}

  /** The same answers gave another value before: this task is not a function. */
  record NotAFunction(Key<?> key) implements Event {}

  /** The traces or values could not be reached; the value was computed all the same. */
  record StoreFailed(Key<?> key, Throwable cause) implements Event {}

  /** It waits for another thread that computes this key. */
  record Waiting(Key<?> key) implements Event {}

  /** The wait is over. */
  record Resumed(Key<?> key) implements Event {}

  /** A task was ended because nobody wants its value any more, or a newer revision came. */
  record Cancelled(Key<?> key) implements Event {}

  /** The value was dropped to make room; it is computed or recalled again when it is asked. */
  record Evicted(Key<?> key) implements Event {}
}

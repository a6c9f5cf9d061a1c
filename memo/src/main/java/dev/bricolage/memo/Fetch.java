package dev.bricolage.memo;

import java.util.Collection;
import java.util.List;

/**
 * A task's only door to the world. Each question asked through it, and its answer, is part of the
 * task's trace. Good for the thread that runs the task, until the task ends.
 *
 * <p>Every method throws {@link Superseded} or {@link InterruptedException} when the request is no
 * longer wanted, and {@link IllegalStateException} when it is called from another thread or after
 * the task has ended.
 */
public interface Fetch {
  /**
   * The value of {@code key}, computed first if need be.
   *
   * @throws TaskFailed when that key failed; who catches it has asked and got an answer
   * @throws Cycle when that key waits for this one. The task fails of it, whatever it catches
   */
  <V> V fetch(Key<V> key) throws InterruptedException;

  /**
   * The values of all these keys, in their order, computed side by side. None of them is asked for
   * the sake of another's answer, so all are asked, even if one fails.
   *
   * @throws TaskFailed the first in their order, when all have ended
   */
  <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys) throws InterruptedException;

  /**
   * Makes part of the trace what the task asked by other means, as a process in a sandbox does.
   *
   * @param steps the questions, and the answers they got
   */
  void observed(List<Step> steps);

  /**
   * The value is not to be remembered, neither here nor in the store: it is given to who asks now
   * and computed anew for who asks next.
   *
   * @param reason for people
   */
  void forget(String reason);

  /** Who asked for this to be computed, for what is no part of the value: output, signals. */
  Asker asker();
}

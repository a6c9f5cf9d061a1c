package dev.bricolage.memo;

/**
 * What computes a key's value ("Build Systems à la Carte": a monadic task). A pure function of what
 * it fetches: its next question may depend on the last answer. It blocks in {@link Fetch} on a
 * virtual thread, is never restarted half way and never gets null.
 *
 * @param <V> the type of its value
 */
@FunctionalInterface
public interface Task<V> {
  /**
   * Computes the value.
   *
   * @param fetch good on this thread until this returns
   * @return the value, not null
   * @throws InterruptedException when the request was cancelled
   * @throws Exception any other is this key's failure: a value like any other unless the key {@link
   *     Key#keepsFailures forgets} it
   */
  V run(Fetch fetch) throws Exception;
}

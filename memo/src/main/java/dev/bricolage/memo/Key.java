package dev.bricolage.memo;

/**
 * A question with a canonical encoding. It never names the view it is asked in, so that a trace
 * made in one checkout answers in any other.
 *
 * @param <V> the type of its value
 */
public interface Key<V> {
  /** The question in its canonical form: two keys are the same when this is equal. */
  Question question();
}

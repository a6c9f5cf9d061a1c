package dev.bricolage.memo;

/**
 * An input that the {@link View} answers, such as what is at a path. It is asked once and then
 * again only when an edit says that it changed, or when somebody wants verified answers.
 *
 * @param <V> the type of its value
 */
public interface ViewKey<V> extends Key<V> {
  /**
   * The value of an answer.
   *
   * @throws IllegalArgumentException when it is no answer to this question
   */
  V parse(String answer);

  /** The answer of a value, from which {@link #parse} makes it again. */
  String answer(V value);
}

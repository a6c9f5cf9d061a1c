package dev.bricolage.memo;

/**
 * A key that knows how it is computed, as in {@code record Parse(String file) implements
 * Query<Tree>}.
 *
 * @param <V> the type of its value
 */
public interface Query<V> extends Key<V>, Task<V> {}

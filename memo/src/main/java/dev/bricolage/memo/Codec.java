package dev.bricolage.memo;

/**
 * How a value is written: canonical, so that equal values have equal bytes.
 *
 * @param <V> the type of the value
 */
public interface Codec<V> {
  /** The bytes of a value. */
  byte[] encode(V value);

  /**
   * The value of these bytes.
   *
   * @throws IllegalArgumentException when they are none that {@link #encode} gives: what was
   *     remembered is then a miss
   */
  V decode(byte[] bytes);
}

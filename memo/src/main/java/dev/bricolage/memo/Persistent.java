package dev.bricolage.memo;

import java.util.Optional;

/**
 * A key whose traces and values outlast the process: recalled after a restart, in other checkouts,
 * by other processes. All it asks must have codecs.
 *
 * @param <V> the type of its value
 */
public interface Persistent<V> extends Key<V> {
  /** How its value is written. */
  Codec<V> valueCodec();

  /**
   * Says which function this is: raised whenever the task would give another value for the same
   * answers. Traces of other versions are not found.
   */
  String version();

  /** Whether the order of its questions means something. */
  default Trace.Order order() {
    return Trace.Order.ASKED;
  }

  @Override
  default Optional<Codec<V>> codec() {
    return Optional.of(valueCodec());
  }
}

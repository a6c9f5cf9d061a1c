package dev.bricolage.memo;

/**
 * How a value is written: canonical, so that equal values have equal bytes.
 *
 * @param <V> the type of the value
 */
public interface Codec<V> {
  /**
   * The bytes of a value.
   *
   * @throws IllegalArgumentException when it holds what cannot be written, such as a null
   */
  byte[] encode(V value);

  /**
   * The value of these bytes.
   *
   * @throws IllegalArgumentException when they are none that {@link #encode} gives: what was
   *     remembered is then a miss
   */
  V decode(byte[] bytes);

  /**
   * Records by their components, which may be String, primitives and their boxes, enums, {@link
   * dev.bricolage.action.Digest}, and Optional, List, SortedSet, SortedMap, records and sealed
   * interfaces of records, of these. Sorted ones are written and read in natural order, whatever
   * theirs is. Values come back through the canonical constructor. They may be nested a thousand
   * brackets deep.
   *
   * <p>The bytes begin with a hash of the record's name and the names and types of its components,
   * all the way down: those of a record that has changed since are refused.
   *
   * @param type a record, or a sealed interface of records
   * @throws IllegalArgumentException when a component is of another type, naming it
   */
  static <V> Codec<V> ofRecord(Class<V> type) {
    return RecordCodec.of(type);
  }

  /** Texts, as UTF-8 and nothing else. */
  static Codec<String> text() {
    return TextCodec.UTF_8;
  }
}

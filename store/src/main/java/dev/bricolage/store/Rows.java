package dev.bricolage.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes to rows, in memory and in order: for each key its new value, or that it is removed.
 * Layers of these above an LMDB file are the present state.
 */
final class Rows {
  /** A key's new state; no value when it is removed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each row would cost
  record Change(Table table, byte[] key, Optional<byte[]> value) {}

  private final Map<Table, NavigableMap<byte[], Optional<byte[]>>> tables =
      new EnumMap<>(Table.class);
  private final AtomicLong bytes = new AtomicLong();

  Rows() {
    for (Table table : Table.values()) {
      tables.put(table, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
    }
  }

  /** What is said here of this key: nothing, that it is removed, or its value. */
  Optional<Optional<byte[]>> get(Table table, byte[] key) {
    return Optional.ofNullable(of(table).get(key));
  }

  void set(Table table, byte[] key, Optional<byte[]> value) {
    of(table).put(key, value);
    bytes.addAndGet(key.length + value.map(v -> v.length).orElse(0));
  }

  void setAll(List<Change> changes) {
    changes.forEach(c -> set(c.table(), c.key(), c.value()));
  }

  /** Everything that is said here of keys with this prefix, in order. */
  NavigableMap<byte[], Optional<byte[]>> startingWith(Table table, byte[] prefix) {
    NavigableMap<byte[], Optional<byte[]>> from = of(table).tailMap(prefix, true);
    return end(prefix).map(end -> from.headMap(end, false)).orElse(from);
  }

  /** The first key after all that start with {@code prefix}, if there is one. */
  static Optional<byte[]> end(byte[] prefix) {
    int last = prefix.length - 1;
    while (last >= 0 && prefix[last] == (byte) 0xff) {
      last--;
    }
    if (last < 0) {
      return Optional.empty();
    }
    byte[] end = Arrays.copyOf(prefix, last + 1);
    end[last]++;
    return Optional.of(end);
  }

  List<Change> changes() {
    List<Change> all = new ArrayList<>();
    tables.forEach((table, rows) -> rows.forEach((k, v) -> all.add(new Change(table, k, v))));
    return all;
  }

  boolean isEmpty() {
    return tables.values().stream().allMatch(Map::isEmpty);
  }

  /** About how much memory its keys and values take. */
  long bytes() {
    return bytes.get();
  }

  private NavigableMap<byte[], Optional<byte[]>> of(Table table) {
    NavigableMap<byte[], Optional<byte[]>> rows = tables.get(table);
    if (rows == null) {
      throw new IllegalStateException("no table " + table);
    }
    return rows;
  }
}

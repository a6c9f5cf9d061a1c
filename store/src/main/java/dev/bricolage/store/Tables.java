package dev.bricolage.store;

import java.util.List;
import java.util.Optional;

/**
 * Rows of bytes by bytes, in a few tables, ordered by key as unsigned bytes, changed in
 * transactions. Keys have 1 to 511 bytes.
 */
interface Tables extends AutoCloseable {
  /** One row. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each row would cost
  record Row(byte[] key, byte[] value) {}

  /** Which end of a table comes first. */
  enum Order {
    UP,
    DOWN
  }

  /** The value under this key. */
  Optional<byte[]> get(Table table, byte[] key);

  /** Up to {@code limit} rows whose keys start with {@code prefix}. */
  List<Row> rows(Table table, byte[] prefix, Order order, int limit);

  /** Runs {@code change} alone among writers of this process; all of it happens or none. */
  void update(Change change);

  /** Writes a row that may be lost when the process dies: one that can be computed again. */
  void note(Table table, byte[] key, byte[] value);

  /** Returns when all that was written before is on the disk. */
  void sync();

  @Override
  void close();

  /** What is done in one transaction. */
  interface Change {
    void in(Edit edit);
  }

  /** A transaction under way; it sees its own writes. */
  interface Edit {
    Optional<byte[]> get(Table table, byte[] key);

    void put(Table table, byte[] key, byte[] value);

    void remove(Table table, byte[] key);
  }
}

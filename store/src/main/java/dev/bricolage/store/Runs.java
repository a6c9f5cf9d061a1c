package dev.bricolage.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The history: records of runs, which are the caller's bytes, under numbers that count up. The
 * newest {@link #KEPT} are kept.
 */
public final class Runs {
  /** How many records are kept. */
  public static final int KEPT = 10_000;

  /** How many more there may be before the oldest are removed, to remove them in one go. */
  private static final int SLACK = 100;

  private final Tables tables;
  private final Counter ids;
  private final AtomicLong last = new AtomicLong();

  /** Gives each run a number that no other has had, greater than this one. */
  interface Counter {
    long next(long above);
  }

  /**
   * One record.
   *
   * @param id its number, from 1
   * @param record what the caller gave
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each row would cost
  public record Run(long id, byte[] record) {}

  Runs(Tables tables, Counter ids) {
    this.tables = tables;
    this.ids = ids;
  }

  /** Adds a record; gives its number. */
  public long append(byte[] record) {
    long id = ids.next(last());
    last.accumulateAndGet(id, Math::max);
    tables.update(edit -> edit.put(Table.RUNS, key(id), record));
    if (id % SLACK == 0) {
      trim(id - KEPT);
    }
    return id;
  }

  /** The greatest number known here; the first time, of the records that are kept. */
  private long last() {
    if (last.get() == 0) {
      last.accumulateAndGet(newest(1).stream().mapToLong(Run::id).findFirst().orElse(0), Math::max);
    }
    return last.get();
  }

  private void trim(long last) {
    List<Tables.Row> oldest =
        tables.rows(Table.RUNS, new byte[0], Tables.Order.UP, 10 * SLACK).stream()
            .filter(row -> id(row.key()) <= last)
            .toList();
    tables.update(edit -> oldest.forEach(row -> edit.remove(Table.RUNS, row.key())));
  }

  /** The record with this number, if it is still kept. */
  public Optional<byte[]> get(long id) {
    return tables.get(Table.RUNS, key(id));
  }

  /** Up to {@code limit} records, newest first. */
  public List<Run> newest(int limit) {
    return tables.rows(Table.RUNS, new byte[0], Tables.Order.DOWN, limit).stream()
        .map(row -> new Run(id(row.key()), row.value()))
        .toList();
  }

  private static byte[] key(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  private static long id(byte[] key) {
    return key.length == Long.BYTES ? ByteBuffer.wrap(key).getLong() : 0;
  }
}

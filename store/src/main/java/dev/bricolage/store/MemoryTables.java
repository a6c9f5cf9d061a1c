package dev.bricolage.store;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Tables in memory: the twin that tests use. */
final class MemoryTables implements Tables {
  private final Rows rows = new Rows();
  private final ReentrantLock writer = new ReentrantLock();

  @Override
  public Optional<byte[]> get(Table table, byte[] key) {
    return rows.get(table, key).flatMap(value -> value);
  }

  @Override
  public List<Row> rows(Table table, byte[] prefix, Order order, int limit) {
    NavigableMap<byte[], Optional<byte[]>> found = rows.startingWith(table, prefix);
    return (order == Order.UP ? found : found.descendingMap())
        .entrySet().stream()
            .filter(entry -> entry.getValue().isPresent())
            .limit(limit)
            .map(entry -> new Row(entry.getKey(), entry.getValue().orElseThrow()))
            .toList();
  }

  @Override
  public void update(Change change) {
    writer.lock();
    try {
      Edits edits = new Edits(this);
      change.in(edits);
      rows.setAll(edits.changes());
    } finally {
      writer.unlock();
    }
  }

  @Override
  public void note(Table table, byte[] key, byte[] value) {
    rows.set(table, key, Optional.of(value));
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}

package dev.bricolage.memo.engine;

import dev.bricolage.memo.Key;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.Tasks;
import java.util.Optional;

/** The tasks of a sheet, and queries. */
record Either(Sheet sheet) implements Tasks {
  @Override
  public <V> Optional<Task<V>> of(Key<V> key) {
    Optional<Task<V>> cell = sheet.of(key);
    return cell.isPresent() ? cell : Tasks.QUERIES.of(key);
  }
}

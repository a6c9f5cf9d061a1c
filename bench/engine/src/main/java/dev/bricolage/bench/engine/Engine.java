package dev.bricolage.bench.engine;

import dev.bricolage.memo.Key;
import java.util.List;

/** One side of a comparison. Asked and edited by one thread. */
interface Engine extends AutoCloseable {
  /** The value of this key after all edits so far. */
  <V> V get(Key<V> key) throws InterruptedException;

  /** Sets these inputs, all at once. */
  void set(List<Leaf> inputs, List<Long> values) throws InterruptedException;

  /** Sets one input. */
  default void set(Leaf input, long value) throws InterruptedException {
    set(List.of(input), List.of(value));
  }

  @Override
  void close();
}

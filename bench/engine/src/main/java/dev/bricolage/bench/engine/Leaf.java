package dev.bricolage.bench.engine;

import dev.bricolage.memo.Key;

/** An input. */
record Leaf(int column) implements Key<Long> {
  /** What it has before the first edit. */
  long first() {
    return column;
  }
}

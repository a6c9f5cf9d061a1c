package dev.bricolage.bench.engine;

import java.util.List;
import java.util.stream.IntStream;

/** The sides of the comparison. */
public enum Side {
  /** The engine, one task at a time. */
  MEMO_1 {
    @Override
    Engine open() {
      return MemoEngine.open(1);
    }
  },
  /** The engine, two tasks at a time. */
  MEMO_2 {
    @Override
    Engine open() {
      return MemoEngine.open(2);
    }
  },
  /** The floor. */
  HASH_MAP {
    @Override
    Engine open() {
      return PlainMemo.hashMap();
    }
  },
  /** The floor for two threads. */
  CONCURRENT_HASH_MAP {
    @Override
    Engine open() {
      return PlainMemo.concurrentHashMap();
    }
  },
  /** JavaFX's bindings. */
  JAVAFX {
    @Override
    Engine open() {
      return new Bindings();
    }
  };

  abstract Engine open();

  /** With all leaves set. */
  Engine openWithLeaves() throws InterruptedException {
    Engine engine = open();
    List<Leaf> leaves = IntStream.range(0, Layered.WIDTH).mapToObj(Leaf::new).toList();
    engine.set(leaves, leaves.stream().map(Leaf::first).toList());
    return engine;
  }
}

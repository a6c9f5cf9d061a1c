package dev.bricolage.bench.engine;

import java.util.List;
import java.util.stream.IntStream;

/** The sides of the comparison. */
public enum Side {
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
  Engine openWithLeaves() {
    Engine engine = open();
    List<Leaf> leaves = IntStream.range(0, Layered.WIDTH).mapToObj(Leaf::new).toList();
    engine.set(leaves, leaves.stream().map(Leaf::first).toList());
    return engine;
  }
}

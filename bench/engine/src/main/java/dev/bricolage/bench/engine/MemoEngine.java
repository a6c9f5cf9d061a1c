package dev.bricolage.bench.engine;

import dev.bricolage.memo.Key;
import dev.bricolage.memo.engine.Memo;
import java.util.List;

/** Ours. */
final class MemoEngine implements Engine {
  private final Memo memo;

  private MemoEngine(Memo memo) {
    this.memo = memo;
  }

  static MemoEngine open(int slots) {
    return new MemoEngine(Memo.builder().slots(slots).open());
  }

  @Override
  public <V> V get(Key<V> key) throws InterruptedException {
    return memo.get(key);
  }

  @Override
  public void set(List<Leaf> inputs, List<Long> values) throws InterruptedException {
    memo.edit(edit -> {
      for (int i = 0; i < inputs.size(); i++) {
        edit.set(inputs.get(i), values.get(i));
      }
    });
  }

  @Override
  public void close() {}
}

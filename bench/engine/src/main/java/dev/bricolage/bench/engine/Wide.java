package dev.bricolage.bench.engine;

import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Query;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One task that asks for as many others as there are leaves, a hundred thousand.
 *
 * @param together in one {@code fetchAll}; else one after the other
 */
record Wide(boolean together) implements Query<Long> {
  @Override
  public Long run(Fetch fetch) throws InterruptedException {
    List<Item> items = IntStream.range(0, Layered.WIDTH).mapToObj(Item::new).toList();
    long sum = 0;
    if (together) {
      for (long value : fetch.fetchAll(items)) {
        sum = sum * 31 + value;
      }
      return sum;
    }
    for (Item item : items) {
      sum = sum * 31 + fetch.fetch(item);
    }
    return sum;
  }

  /** Half of a leaf, so that an edit of its lowest bit is cut off here. */
  record Item(int column) implements Query<Long> {
    @Override
    public Long run(Fetch fetch) throws InterruptedException {
      return fetch.fetch(new Leaf(column)) >> 1;
    }
  }
}

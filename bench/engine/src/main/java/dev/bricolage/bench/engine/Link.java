package dev.bricolage.bench.engine;

import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Query;

/** A chain: each link asks the one before it, the first a leaf. */
record Link(int number) implements Query<Long> {
  static final Leaf END = new Leaf(0);

  @Override
  public Long run(Fetch fetch) throws InterruptedException {
    long before = number == 1 ? fetch.fetch(END) : fetch.fetch(new Link(number - 1));
    return Layered.mix(before + number);
  }

  /** The last of a chain as long as the layered graph has nodes. */
  static Link last() {
    return new Link(Layered.nodes());
  }
}

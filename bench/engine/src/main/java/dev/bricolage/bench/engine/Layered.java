package dev.bricolage.bench.engine;

import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Query;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A graph of {@link #LAYERS} layers over a layer of {@link Leaf leaves}, each {@link #WIDTH} wide,
 * a million nodes in all, of which each asks three of the layer below: itself one lower, a
 * neighbour, and one far away. It is computed and not stored, so that it weighs nothing.
 *
 * <p>Three leaves have their own reach, exact so that the cost of an edit can be divided by it.
 * Nobody but column 0 asks column 0, so leaf 0 has {@link #LAYERS} nodes above it. Columns 1 to 100
 * ask leaf 1 and nobody else asks them, so that has a hundred times as many. The first layer asks
 * leaf 2 everywhere, so that has all.
 */
record Layered(int layer, int column) implements Query<Long> {
  static final int LAYERS = 10;

  /** A hundred thousand, so that layers times width is a million; less in tests. */
  static final int WIDTH = Integer.getInteger("bench.width", 100_000);

  /** Whether keys have the hash codes that records have by themselves. */
  private static final boolean RECORD_HASH = Boolean.getBoolean("bench.record-hash");

  static final Leaf FEW = new Leaf(0);
  static final Leaf SOME = new Leaf(1);
  static final Leaf ALL = new Leaf(2);

  private static final int BLOCK = 100;

  /** Whom no other asks: those of column 0 and those of the block. */
  private static final int RESERVED = BLOCK + 1;

  @Override
  public Long run(Fetch fetch) throws InterruptedException {
    if (layer == 1) {
      boolean inBlock = column > 0 && column <= BLOCK;
      long own = fetch.fetch(inBlock ? SOME : new Leaf(column));
      return blend(own, fetch.fetch(ALL), fetch.fetch(new Leaf(open(far()))));
    }
    return blend(below(fetch, column), below(fetch, open(column + 1)), below(fetch, open(far())));
  }

  /**
   * Unless it is asked otherwise, a good one: the record's own is {@code 31 * layer + column}, so
   * that ten of them have the same.
   */
  @Override
  public int hashCode() {
    return RECORD_HASH ? 31 * layer + column : (int) mix((long) layer << 32 | column);
  }

  private long blend(long own, long near, long far) {
    return mix(mix(own + layer) + mix(near ^ mix(far)));
  }

  private long below(Fetch fetch, int other) throws InterruptedException {
    return fetch.fetch(new Layered(layer - 1, other));
  }

  private int far() {
    return (int) (mix((long) layer * WIDTH + column) >>> 33);
  }

  /** A column that anybody may ask. */
  private static int open(int any) {
    return RESERVED + any % (WIDTH - RESERVED);
  }

  /** A bijection (the end of SplitMix64), so that no change is lost on its way up. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The top of the column above a leaf. */
  static Layered above(Leaf leaf) {
    return new Layered(LAYERS, leaf.column());
  }

  /** How many nodes ask three questions. */
  static int nodes() {
    return LAYERS * WIDTH;
  }

  /** All tops at once: who asks this asks for everything. */
  record Root() implements Query<Long> {
    @Override
    public Long run(Fetch fetch) throws InterruptedException {
      return sum(fetch, 0, WIDTH);
    }
  }

  /** The tops of the columns that rest on {@link #SOME}. */
  record Block() implements Query<Long> {
    @Override
    public Long run(Fetch fetch) throws InterruptedException {
      return sum(fetch, 1, BLOCK + 1);
    }
  }

  private static long sum(Fetch fetch, int from, int to) throws InterruptedException {
    List<Layered> tops =
        IntStream.range(from, to).mapToObj(column -> new Layered(LAYERS, column)).toList();
    long sum = 0;
    for (long value : fetch.fetchAll(tops)) {
      sum = sum * 31 + value;
    }
    return sum;
  }

  /** Asks nothing, so that a side's classes are there before it is weighed. */
  record Nothing() implements Query<Long> {
    @Override
    public Long run(Fetch fetch) {
      return 0L;
    }
  }
}

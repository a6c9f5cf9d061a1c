package dev.bricolage.bench.engine;

import dev.bricolage.memo.Key;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Warm: everything is known, one leaf is edited, and what is above it is asked again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class EditBench {
  /** Who computes. */
  @Param public Side side = Side.HASH_MAP;

  /** What is edited and asked. */
  @Param public Change change = Change.NOTHING;

  private Engine engine = Side.HASH_MAP.open();
  private long edits;
  private long found;

  /** What is edited and asked. */
  @SuppressWarnings("ImmutableEnumChecker") // keys are records of numbers
  public enum Change {
    /** Nothing is edited, and everything is asked. */
    NOTHING(new Layered.Root(), new Layered.Root(), Layered.FEW, 0),
    /** Ten nodes rest on the leaf. */
    FEW(new Layered.Root(), Layered.above(Layered.FEW), Layered.FEW, 1),
    /** A thousand do, and one that asks the hundred at their top. */
    SOME(new Layered.Root(), new Layered.Block(), Layered.SOME, 1),
    /** All do. */
    ALL(new Layered.Root(), new Layered.Root(), Layered.ALL, 1),
    /** One of the hundred thousand that one task asks. */
    WIDE(new Wide(false), new Wide(false), new Leaf(7), 2),
    /** One of the hundred thousand that one task asks at once. */
    WIDE_ALL(new Wide(true), new Wide(true), new Leaf(7), 2),
    /** The same, but the one gives the value it gave before. */
    WIDE_CUT_OFF(new Wide(false), new Wide(false), new Leaf(6), 0),
    /** The leaf that a chain of a million begins with. */
    CHAIN(Link.last(), Link.last(), Link.END, 1);

    final Key<Long> whole;
    final Key<Long> asked;
    final Leaf edited;

    /** By how much an edit raises the leaf; 0 flips its lowest bit. */
    final int step;

    Change(Key<Long> whole, Key<Long> asked, Leaf edited, int step) {
      this.whole = whole;
      this.asked = asked;
      this.edited = edited;
      this.step = step;
    }

    long value(long edits) {
      return edited.first() + (step == 0 ? edits & 1 : edits * step);
    }
  }

  /** Everything is computed once. */
  @Setup(Level.Trial)
  public void warm() throws InterruptedException {
    engine.close();
    engine = side.openWithLeaves();
    found = engine.get(change.whole);
    found = engine.get(change.asked);
    System.gc();
  }

  /** One edit and the answer after it. */
  @Benchmark
  public long edit() throws InterruptedException {
    if (change != Change.NOTHING) {
      engine.set(change.edited, change.value(++edits));
    }
    found = engine.get(change.asked);
    return found;
  }

  /** Only right answers have a time. */
  @TearDown(Level.Trial)
  public void check() throws InterruptedException {
    engine.close();
    try (Engine floor = Side.HASH_MAP.openWithLeaves()) {
      floor.set(change.edited, change.value(edits));
      long expected = floor.get(change.asked);
      if (found != expected) {
        throw new IllegalStateException(side + " gives " + found + ", not " + expected);
      }
    }
  }
}

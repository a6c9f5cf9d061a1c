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

/** Cold: everything is computed for the first time. The leaves are set beforehand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 7)
@Fork(1)
public class GraphBench {
  /** Who computes. */
  @Param public Side side = Side.HASH_MAP;

  /** What is asked. */
  @Param public Shape shape = Shape.LAYERED;

  private Engine engine = Side.HASH_MAP.open();
  private long expected;
  private long found;

  /** What is asked. */
  @SuppressWarnings("ImmutableEnumChecker") // keys are records of numbers
  public enum Shape {
    /** A million nodes, each asking three. */
    LAYERED(new Layered.Root()),
    /** A hundred thousand asked by one, in turn. */
    WIDE(new Wide(false)),
    /** A hundred thousand asked by one, at once. */
    WIDE_ALL(new Wide(true)),
    /** A million, each asking the one before. */
    CHAIN(Link.last());

    final Key<Long> root;

    Shape(Key<Long> root) {
      this.root = root;
    }
  }

  /** What the floor says is right. */
  @Setup(Level.Trial)
  public void expect() throws InterruptedException {
    engine.close();
    try (Engine floor = Side.HASH_MAP.openWithLeaves()) {
      expected = floor.get(shape.root);
    }
  }

  /** An engine that knows nothing but the leaves, and a heap with nothing to collect. */
  @Setup(Level.Invocation)
  public void open() throws InterruptedException {
    engine = side.openWithLeaves();
    System.gc();
  }

  /** Asks for everything. */
  @Benchmark
  public long cold() throws InterruptedException {
    found = engine.get(shape.root);
    return found;
  }

  /** Only right answers have a time. */
  @TearDown(Level.Invocation)
  public void check() {
    engine.close();
    if (found != expected) {
      throw new IllegalStateException(side + " gives " + found + ", not " + expected);
    }
  }
}

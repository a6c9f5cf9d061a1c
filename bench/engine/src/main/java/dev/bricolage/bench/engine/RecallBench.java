package dev.bricolage.bench.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceMemory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Warmup;

/** Recall by a memo that has just been opened, with one trace of the key and with many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class RecallBench {
  private static final Tagged KEY = new Tagged("key");

  /** How many traces the key has. */
  @Param({"1", "1000"})
  public int traces = 1;

  private final TraceMemory memory = new TraceMemory(new MemoryNodes());
  private final Values values = new InMemory();
  private int turn;

  /** Records one trace for each value of the edited input. */
  @Setup(Level.Trial)
  public void record() throws InterruptedException {
    for (int i = 0; i < traces; i++) {
      var _ = open(i).get(KEY);
    }
  }

  /** Oldest, newest and what lies between: 389 shares no factor with the number of traces. */
  @Benchmark
  public long recall() throws InterruptedException {
    int version = (int) (turn++ * 389L % traces);
    long found = open(version).recall(KEY, Asker.NOBODY).orElseThrow();
    if (found != expected(version)) {
      throw new IllegalStateException("recalled " + found + ", not " + expected(version));
    }
    return found;
  }

  private Memo open(int version) throws InterruptedException {
    Memo memo = Memo.builder().traces(memory, values, Tagged.KINDS).open();
    memo.edit(edit ->
        IntStream.range(0, Tagged.INPUTS)
            .mapToObj(Tagged.Input::new)
            .forEach(input -> edit.set(input, input.equals(Tagged.EDITED) ? (long) version : 1L)));
    return memo;
  }

  private static long expected(int version) {
    long sum = 0;
    for (int i = 0; i < Tagged.INPUTS; i++) {
      sum = sum * 31 + (i == Tagged.EDITED.number() ? version : 1);
    }
    return sum;
  }

  /** Never asked here: the values are short enough to stand in their traces. */
  private static final class InMemory implements Values {
    private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

    @Override
    public Digest put(byte[] bytes) {
      Digest digest = Digest.of(bytes);
      blobs.put(digest, bytes);
      return digest;
    }

    @Override
    public Optional<byte[]> read(Digest digest) {
      return Optional.ofNullable(blobs.get(digest));
    }
  }
}

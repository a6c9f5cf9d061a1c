package dev.bricolage.memo.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceMemory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A store in memory that can be told to vanish. */
final class Shelves implements Traces, Values {
  private final Traces traces = new TraceMemory(new MemoryNodes());
  private final Map<Digest, byte[]> values = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile int failsFrom = Integer.MAX_VALUE;
  private volatile int failsUntil = Integer.MAX_VALUE;
  private volatile Supplier<Throwable> how = () -> new IllegalStateException("the store is gone");

  /** Calls so far. */
  int calls() {
    return calls.get();
  }

  /** From this call on, counted from 1, up to but without that one, each throws this. */
  void fail(int from, int until, Supplier<Throwable> thrown) {
    how = thrown;
    failsFrom = from;
    failsUntil = until;
    calls.set(0);
  }

  private void called() {
    int call = calls.incrementAndGet();
    if (call >= failsFrom && call < failsUntil) {
      Shelves.<RuntimeException>sneak(how.get());
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Override
  public Recall recall(Question key, Trace.Order order, View view)
      throws IOException, InterruptedException {
    called();
    Recall recall = traces.recall(key, order, view);
    called();
    return recall;
  }

  @Override
  public Optional<String> record(Trace trace) {
    called();
    return traces.record(trace);
  }

  @Override
  public Digest put(byte[] bytes) {
    called();
    Digest digest = Digest.of(bytes);
    values.put(digest, bytes.clone());
    return digest;
  }

  @Override
  public Optional<byte[]> read(Digest digest) {
    called();
    return Optional.ofNullable(values.get(digest)).map(byte[]::clone);
  }
}

package dev.bricolage.memo;

import java.io.IOException;
import java.util.Optional;

/** Recalls what was computed before, and records what was computed now. */
public final class Memo {
  private final TraceTree traces;

  /** A memo over these traces. */
  public Memo(TraceNodes nodes) {
    traces = new TraceTree(nodes);
  }

  /**
   * Walks the key's traces, asking their questions in {@code view}, until one fits entirely. The
   * same walk says why none did.
   */
  public Recall recall(Key<?> key, View view) throws IOException {
    return traces.walk(key.question(), view);
  }

  /**
   * Adds a trace; it is durable when this returns.
   *
   * @return the value that was remembered for the very same answers before, if it was another: then
   *     the run is not a function of what it asked
   */
  public Optional<String> record(Trace trace) {
    return traces.add(trace);
  }
}

package dev.bricolage.memo;

import java.io.IOException;
import java.util.Optional;

/** The memory of traces: many for each key, all equally good. */
public interface Traces {
  /**
   * Walks the key's traces, asking their questions in {@code view}, until one fits entirely. The
   * same walk says why none did.
   *
   * @param order as the key's traces were recorded
   * @throws IOException when the view cannot be looked at
   * @throws RuntimeException when the memory cannot be reached
   */
  Recall recall(Question key, Trace.Order order, View view)
      throws IOException, InterruptedException;

  /**
   * Adds a trace; it is durable when this returns.
   *
   * @return the value that was remembered for the very same answers before, if it was another: then
   *     the run is not a function of what it asked
   */
  Optional<String> record(Trace trace);
}

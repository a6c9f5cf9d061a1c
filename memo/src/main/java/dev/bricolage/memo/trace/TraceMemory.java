package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.Optional;

/**
 * Traces over {@link TraceNodes}: those whose order has no meaning in a {@link TraceTree}, those
 * that ask step by step in a {@link TraceChain}.
 */
public final class TraceMemory implements Traces {
  private final TraceTree facts;
  private final TraceChain chains;

  /** The traces in these nodes. */
  public TraceMemory(TraceNodes nodes) {
    facts = new TraceTree(nodes);
    chains = new TraceChain(nodes);
  }

  @Override
  public Recall recall(Question key, Trace.Order order, View view)
      throws IOException, InterruptedException {
    return switch (order) {
      case ANY -> facts.walk(key, view);
      case ASKED -> chains.walk(key, view);
    };
  }

  @Override
  public Optional<String> record(Trace trace) {
    return switch (trace.order()) {
      case ANY -> facts.add(trace);
      case ASKED -> chains.add(trace);
    };
  }
}

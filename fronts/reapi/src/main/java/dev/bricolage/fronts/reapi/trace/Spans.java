package dev.bricolage.fronts.reapi.trace;

import java.util.Optional;

/** Where spans begin. */
@FunctionalInterface
public interface Spans {
  /** Nobody wants to know. */
  Spans NONE = (name, parent) -> Span.NONE;

  /**
   * A call of somebody's begins now.
   *
   * @param parent the caller's own span, as W3C's {@code traceparent} writes it; what is none is
   *     left out
   */
  Span begin(String name, Optional<String> parent);
}

/**
 * Where the time of a call went, as spans. {@link dev.bricolage.fronts.reapi.trace.Tracing} makes
 * one of each call, below the caller's own when it names one; what is worth a span of its own asks
 * the current one for a child. {@link dev.bricolage.fronts.reapi.trace.OtlpSpans} sends them away;
 * without it there is {@link dev.bricolage.fronts.reapi.trace.Span#NONE}, and nothing of
 * OpenTelemetry is loaded.
 */
@NullMarked
package dev.bricolage.fronts.reapi.trace;

import org.jspecify.annotations.NullMarked;

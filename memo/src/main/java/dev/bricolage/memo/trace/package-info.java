/**
 * The memory of traces over {@link dev.bricolage.memo.trace.TraceNodes}. {@link
 * dev.bricolage.memo.trace.TraceTree} holds traces whose questions are facts, as a decision tree of
 * differences: {@link dev.bricolage.memo.trace.TraceWalk} goes down it and {@link
 * dev.bricolage.memo.trace.TraceAddition} makes it grow. {@link
 * dev.bricolage.memo.trace.TraceChain} holds those that ask step by step, one row for each state a
 * task can be in. {@link dev.bricolage.memo.trace.TraceBytes} is a trace as it travels.
 */
@NullMarked
package dev.bricolage.memo.trace;

import org.jspecify.annotations.NullMarked;

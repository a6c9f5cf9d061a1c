/**
 * Recall: a step is a function whose only access to the world is asking questions. If every
 * question it asked would get the same answer again, its result is the same.
 *
 * <p>{@link dev.bricolage.memo.Key} is a question with a canonical encoding, {@link
 * dev.bricolage.memo.View} the world it is asked in, {@link dev.bricolage.memo.Trace} the memory of
 * one run: the questions it asked, their answers, its value. {@link dev.bricolage.memo.Memo} walks
 * a key's traces until one fits entirely. {@link dev.bricolage.memo.TraceTree} holds them as a
 * decision tree of {@link dev.bricolage.memo.TraceNode}s over {@link dev.bricolage.memo.Facts};
 * {@link dev.bricolage.memo.TraceWalk} goes down it and {@link dev.bricolage.memo.TraceAddition}
 * makes it grow. This package knows neither files nor processes.
 */
@NullMarked
package dev.bricolage.memo;

import org.jspecify.annotations.NullMarked;

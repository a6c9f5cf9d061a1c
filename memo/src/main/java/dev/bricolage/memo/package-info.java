/**
 * The nouns of remembering: a step is a function whose only access to the world is asking
 * questions. If every question it asked would get the same answer again, its result is the same.
 *
 * <p>{@link dev.bricolage.memo.Key} is a question, {@link dev.bricolage.memo.View} the world it is
 * asked in, {@link dev.bricolage.memo.Task} what computes its value and {@link
 * dev.bricolage.memo.Fetch} the task's only door. {@link dev.bricolage.memo.Trace} is the memory of
 * one run; {@link dev.bricolage.memo.Traces} holds those of all keys and says by a {@link
 * dev.bricolage.memo.Recall} which of them fits, or why none does. {@link
 * dev.bricolage.memo.engine.Memo} is the engine; what happens in it is told as {@link
 * dev.bricolage.memo.Event}s. This module knows neither files nor processes.
 */
@NullMarked
package dev.bricolage.memo;

import org.jspecify.annotations.NullMarked;

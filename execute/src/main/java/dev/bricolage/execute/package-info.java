/**
 * From an {@link dev.bricolage.action.Action} to its {@link dev.bricolage.action.Outcome}: the only
 * place where the memo and the executors meet.
 *
 * <p>{@link dev.bricolage.execute.Runs} asks the memo for a {@link dev.bricolage.execute.RunKey};
 * the questions of its traces are {@link dev.bricolage.action.PathFact}s, which a {@link
 * dev.bricolage.execute.PathView} answers from the snapshot and from the host. When no trace fits,
 * an {@link dev.bricolage.execute.Executor} runs the action: {@link
 * dev.bricolage.execute.LocalExecutor} stages the tree, obeys the plan that {@link
 * dev.bricolage.execute.Machine} draws up, and collects what changed.
 */
@NullMarked
package dev.bricolage.execute;

import org.jspecify.annotations.NullMarked;

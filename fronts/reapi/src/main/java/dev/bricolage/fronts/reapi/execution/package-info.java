/**
 * Running actions for others. {@link dev.bricolage.fronts.reapi.execution.WorkReader} makes a
 * {@link dev.bricolage.fronts.reapi.execution.Work} of an action's messages, trusting nothing in
 * them; {@link dev.bricolage.fronts.reapi.execution.ActionExecutor}, which the house provides, does
 * it; {@link dev.bricolage.fronts.reapi.execution.ResultWriter} makes an {@code ActionResult} of
 * what came of it. {@link dev.bricolage.fronts.reapi.execution.Operations} has those under way,
 * each an {@link dev.bricolage.fronts.reapi.execution.Operation} that any number of streams may
 * watch.
 */
@NullMarked
package dev.bricolage.fronts.reapi.execution;

import org.jspecify.annotations.NullMarked;

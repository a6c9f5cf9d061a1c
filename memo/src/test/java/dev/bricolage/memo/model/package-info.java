/**
 * The engine against the specification in {@code dev.bricolage.model}, on random programs.
 *
 * <p>A {@link dev.bricolage.memo.model.Scenario} is made from a seed: a {@link
 * dev.bricolage.memo.model.Graph} of {@link dev.bricolage.memo.model.Cell}s, each with a {@link
 * dev.bricolage.memo.model.Recipe}, and a list of {@link dev.bricolage.memo.model.Turn}s: edits,
 * questions, restarts. A {@link dev.bricolage.memo.model.Duel} plays it on a {@link
 * dev.bricolage.memo.model.Subject} and on the model, and compares. {@link
 * dev.bricolage.memo.model.Mutant}s are subjects that are broken on purpose and must be caught.
 */
@NullMarked
package dev.bricolage.memo.model;

import org.jspecify.annotations.NullMarked;

/**
 * Generators with seeds: a {@link dev.bricolage.testkit.gen.Scenario} is a tree, programs that look
 * at it and change it, and edits in between, all of it a function of one number.
 *
 * <p>{@link dev.bricolage.testkit.gen.Terrain} holds the few paths and contents everything is made
 * of, few so that programs and edits meet; {@link dev.bricolage.testkit.gen.Edit} changes a folder;
 * {@link dev.bricolage.testkit.gen.Program} is what runs; a {@link dev.bricolage.testkit.gen.Turn}
 * is some edits and then a run.
 */
@NullMarked
package dev.bricolage.testkit.gen;

import org.jspecify.annotations.NullMarked;

/**
 * The executable specification of a right build: pure, small and slow, the oracle that the engine
 * is held against. It depends on nothing, so that it can share no mistake with what it judges.
 *
 * <p>To be read in this order. A {@link dev.bricolage.model.Task} asks and gives a {@link
 * dev.bricolage.model.Result}; a {@link dev.bricolage.model.Program} has one for each key. {@link
 * dev.bricolage.model.CorrectBuild} says what every key's result is, from the inputs alone: whoever
 * gives something else is <em>wrong</em>. {@link dev.bricolage.model.State} says what may be known
 * from before, and {@link dev.bricolage.model.MinimalBuild} which tasks have to run in spite of it:
 * whoever runs fewer is unsound, whoever runs more is not <em>minimal</em>.
 *
 * <p>After Mokhov, Mitchell and Peyton Jones, "Build systems à la carte" (ICFP 2018) and its longer
 * version "Theory and practice" (JFP 2020): the program is their monadic {@code Tasks}, {@link
 * dev.bricolage.model.CorrectBuild} their {@code correctBuild}, what a process remembers their step
 * traces, and what outlasts it their constructive traces, in a suspending scheduler.
 */
@NullMarked
package dev.bricolage.model;

import org.jspecify.annotations.NullMarked;

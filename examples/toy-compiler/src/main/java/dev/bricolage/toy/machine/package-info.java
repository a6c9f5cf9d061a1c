/**
 * From trees to numbers: {@link dev.bricolage.toy.machine.Generator} makes a function an {@link
 * dev.bricolage.toy.machine.Assembly}, an {@link dev.bricolage.toy.machine.Executable} is all of
 * these in a row, and {@link dev.bricolage.toy.machine.Machine} runs it. What {@link
 * dev.bricolage.toy.machine.Folding} computes of a constant is what the machine would. Pure
 * functions.
 */
@NullMarked
package dev.bricolage.toy.machine;

import org.jspecify.annotations.NullMarked;

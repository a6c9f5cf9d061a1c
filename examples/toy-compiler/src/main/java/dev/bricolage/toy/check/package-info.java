/**
 * What a program must be to make sense: {@link dev.bricolage.toy.check.Names} say which file
 * defines what, and {@link dev.bricolage.toy.check.Checker} compares the types of one definition
 * with the symbols of the others. Pure functions.
 */
@NullMarked
package dev.bricolage.toy.check;

import org.jspecify.annotations.NullMarked;

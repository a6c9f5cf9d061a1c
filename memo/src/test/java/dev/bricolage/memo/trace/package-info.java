/**
 * Tests of recall: {@link dev.bricolage.memo.trace.World} is a view that counts, {@link
 * dev.bricolage.memo.trace.Shelf} keeps nodes where a test can count and damage them, {@link
 * dev.bricolage.memo.trace.Oracle} is recall as a linear scan.
 */
@NullMarked
package dev.bricolage.memo.trace;

import org.jspecify.annotations.NullMarked;

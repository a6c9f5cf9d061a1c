/**
 * Tests of recall: {@link dev.bricolage.memo.World} is a view that counts, {@link
 * dev.bricolage.memo.Shelf} keeps nodes where a test can count and damage them, {@link
 * dev.bricolage.memo.Oracle} is recall as a linear scan.
 */
@NullMarked
package dev.bricolage.memo;

import org.jspecify.annotations.NullMarked;

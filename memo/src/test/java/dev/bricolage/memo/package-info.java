/**
 * Tests of the nouns: how records are encoded. {@link dev.bricolage.memo.Zoo} makes records of
 * every shape there is from a seed.
 */
@NullMarked
package dev.bricolage.memo;

import org.jspecify.annotations.NullMarked;

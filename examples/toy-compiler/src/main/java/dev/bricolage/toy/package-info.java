/**
 * A small compiler over the memo: {@link dev.bricolage.toy.language} is the language as pure
 * functions, and each stage of the compiler is a key.
 */
@NullMarked
package dev.bricolage.toy;

import org.jspecify.annotations.NullMarked;

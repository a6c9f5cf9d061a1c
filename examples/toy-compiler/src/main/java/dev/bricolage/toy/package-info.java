/**
 * A small compiler over the memo. {@link dev.bricolage.toy.syntax}, {@link dev.bricolage.toy.check}
 * and {@link dev.bricolage.toy.machine} are the language, as pure functions that know nothing of
 * keys; {@link dev.bricolage.toy.query} makes each stage of the compiler a key; {@link
 * dev.bricolage.toy.Toy} is the program, over the {@link dev.bricolage.toy.Folder} it compiles.
 */
@NullMarked
package dev.bricolage.toy;

import org.jspecify.annotations.NullMarked;

/**
 * The toy language as pure functions, which know nothing of keys: {@link
 * dev.bricolage.toy.language.Lexer} makes a text a {@link dev.bricolage.toy.language.TokenList},
 * {@link dev.bricolage.toy.language.Outline} cuts that into items, {@link
 * dev.bricolage.toy.language.Parser} makes an item a {@link dev.bricolage.toy.language.Definition},
 * {@link dev.bricolage.toy.language.Checker} lists its {@link dev.bricolage.toy.language.Problem}s,
 * {@link dev.bricolage.toy.language.Generator} gives its {@link
 * dev.bricolage.toy.language.Assembly}, and an {@link dev.bricolage.toy.language.Executable} is all
 * of these in a row, which a {@link dev.bricolage.toy.language.Machine} runs.
 *
 * <p>Mistakes in a program are values, never exceptions.
 */
@NullMarked
package dev.bricolage.toy.language;

import org.jspecify.annotations.NullMarked;

/**
 * From text to trees, as pure functions: {@link dev.bricolage.toy.syntax.Lexer} makes a text a
 * {@link dev.bricolage.toy.syntax.TokenList}, {@link dev.bricolage.toy.syntax.Outline} cuts that
 * into items, and {@link dev.bricolage.toy.syntax.Parser} makes an item a {@link
 * dev.bricolage.toy.syntax.Definition}, or its header alone a {@link
 * dev.bricolage.toy.syntax.Symbol}. A mistake in the text is a {@link
 * dev.bricolage.toy.syntax.Problem}, never an exception.
 */
@NullMarked
package dev.bricolage.toy.syntax;

import org.jspecify.annotations.NullMarked;

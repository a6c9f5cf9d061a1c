/**
 * The letters of ninja's language, shared by everything that reads one of its files.
 *
 * <p>{@link dev.bricolage.fronts.ninja.text.Lexer} cuts a file into tokens and spans, {@link
 * dev.bricolage.fronts.ninja.text.Template} is a span with variables, {@link
 * dev.bricolage.fronts.ninja.text.Words} gives every distinct byte string a number, and {@link
 * dev.bricolage.fronts.ninja.text.NinjaError} is a complaint worded as ninja words it. All of it
 * works on bytes: ninja knows no encoding, and a graph of a hundred thousand edges is mostly paths.
 */
@NullMarked
package dev.bricolage.fronts.ninja.text;

import org.jspecify.annotations.NullMarked;

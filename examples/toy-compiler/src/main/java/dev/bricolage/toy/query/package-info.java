/**
 * Each stage of the compiler as a key, from {@link dev.bricolage.toy.query.SourceText}, which a
 * folder answers, to {@link dev.bricolage.toy.query.Program}. Each says what it asks and calls the
 * language for the rest; a file for each:
 *
 * <pre>
 * SourceText ← Tokens ← Items ← Slice ← Syntax ← Check ← Code ← Program
 *                         ↑       ↑                ↓
 *                         |    Signature ←---------+   of what it uses
 *                       Scope ←-- Homes ←----------+   where that is
 * </pre>
 *
 * <p>A change goes from the left to the right as far as anything is different. {@code Slice},
 * {@code Homes} and {@code Signature} only take a part of what is on their left, and so they are
 * where most changes end.
 */
@NullMarked
package dev.bricolage.toy.query;

import org.jspecify.annotations.NullMarked;

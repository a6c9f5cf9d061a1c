/**
 * The fuzzer of {@code bric ninja}: is a build folder, after any edits, what a clean build gives?
 *
 * <p>{@link dev.bricolage.fuzz.ninja.Ninjas} writes a scenario: edges as {@link
 * dev.bricolage.fuzz.ninja.Recipe}s, sources, edits, builds. {@link
 * dev.bricolage.fuzz.ninja.NinjaWorld} plays it with the product's own parts, {@link
 * dev.bricolage.fuzz.ninja.Service}, and holds each build against {@link
 * dev.bricolage.fuzz.ninja.Expected}, which computes it. {@code docs/design/fuzzing.md} tells the
 * rest.
 */
@NullMarked
package dev.bricolage.fuzz.ninja;

import org.jspecify.annotations.NullMarked;

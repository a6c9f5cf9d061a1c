/**
 * {@code build.ninja}, read whole: the language of ninja 1.11.
 *
 * <p>{@link dev.bricolage.fronts.ninja.manifest.Manifest#read} takes a file's name and {@link
 * dev.bricolage.fronts.ninja.manifest.ManifestFiles}, which hands out bytes, and gives the graph:
 * paths and edges are numbers, {@link dev.bricolage.fronts.ninja.manifest.Edge} looks at one edge,
 * {@link dev.bricolage.fronts.ninja.manifest.Ints} at a piece of one of the flat arrays that hold
 * them all. Commands are put together when they are asked for.
 *
 * <p>Inside, the parser fills a {@code Graph}: scopes and rules as ninja nests them, edges in an
 * {@code EdgeTable}. Bindings in a file and below an edge are evaluated as they are read, those of
 * a rule when an edge asks for one, in the edge's scope as it is when all is read.
 */
@NullMarked
package dev.bricolage.fronts.ninja.manifest;

import org.jspecify.annotations.NullMarked;

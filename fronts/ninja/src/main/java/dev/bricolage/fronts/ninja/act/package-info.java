/**
 * Edges that are no functions. A generator, and what stands in the pool {@code console} for its
 * effect alone (install, test, clean), is an act: {@link dev.bricolage.fronts.ninja.act.ActEdges}
 * tells which edges are, {@link dev.bricolage.fronts.ninja.act.Due} whether one has anything to do,
 * {@link dev.bricolage.fronts.ninja.act.Acts} is who carries it out, where the user is, and {@link
 * dev.bricolage.fronts.ninja.act.Overwritten} sees to what it did to files that edges had made.
 */
@NullMarked
package dev.bricolage.fronts.ninja.act;

import org.jspecify.annotations.NullMarked;

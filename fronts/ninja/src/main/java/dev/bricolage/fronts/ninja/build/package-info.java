/**
 * Building. {@link dev.bricolage.fronts.ninja.build.Plan} says which edges the targets need, {@link
 * dev.bricolage.fronts.ninja.build.World} what an edge sees (the sources as they were when the
 * build began, and what the edges below it have made), {@link
 * dev.bricolage.fronts.ninja.build.EdgeRun} asks for one edge's outcome and brings it home, {@link
 * dev.bricolage.fronts.ninja.build.Schedule} does so for all of them, in order and side by side,
 * and {@link dev.bricolage.fronts.ninja.build.Logs} tells plain ninja of it.
 */
@NullMarked
package dev.bricolage.fronts.ninja.build;

import org.jspecify.annotations.NullMarked;

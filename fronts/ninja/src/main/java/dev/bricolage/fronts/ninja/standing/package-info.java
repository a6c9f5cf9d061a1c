/**
 * What earlier builds of this process found out, so that a build with little to do does little:
 * each edge that came out well is kept with what that rests on. {@link Standings} holds one {@link
 * Standing} for each build folder; a {@link Standing} has {@link Settled} edges, and they share
 * their {@link Grounds}. Nothing here is believed because it was so: every ground is asked again.
 */
@NullMarked
package dev.bricolage.fronts.ninja.standing;

import org.jspecify.annotations.NullMarked;

/**
 * Where commands see the workspace. {@link Mount} is the place: the checkout's own path, as for
 * ninja, or one that is the same in every checkout. {@link PathPrefix} puts one path in the place
 * of another wherever a text begins a path with it.
 */
@NullMarked
package dev.bricolage.fronts.ninja.mount;

import org.jspecify.annotations.NullMarked;

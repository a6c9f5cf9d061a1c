/**
 * The line that ninja shows while it builds: {@link dev.bricolage.fronts.ninja.status.StatusFormat}
 * is {@code NINJA_STATUS}, {@link dev.bricolage.fronts.ninja.status.Elision} makes a line fit a
 * terminal. Nothing here prints.
 */
@NullMarked
package dev.bricolage.fronts.ninja.status;

import org.jspecify.annotations.NullMarked;

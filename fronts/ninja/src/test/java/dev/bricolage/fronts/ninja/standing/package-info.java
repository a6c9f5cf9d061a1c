/** What is kept of earlier builds, and when it is of no use. */
@NullMarked
package dev.bricolage.fronts.ninja.standing;

import org.jspecify.annotations.NullMarked;

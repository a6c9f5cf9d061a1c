/** Tests of the status line. */
@NullMarked
package dev.bricolage.fronts.ninja.status;

import org.jspecify.annotations.NullMarked;

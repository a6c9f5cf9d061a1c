/** Tests of what is an act. */
@NullMarked
package dev.bricolage.fronts.ninja.act;

import org.jspecify.annotations.NullMarked;

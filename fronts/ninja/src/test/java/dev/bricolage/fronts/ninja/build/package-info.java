/** Tests of building. */
@NullMarked
package dev.bricolage.fronts.ninja.build;

import org.jspecify.annotations.NullMarked;

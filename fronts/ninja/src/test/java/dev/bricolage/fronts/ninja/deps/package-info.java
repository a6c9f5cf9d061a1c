/** Tests of depfiles, showIncludes and dyndep files. */
@NullMarked
package dev.bricolage.fronts.ninja.deps;

import org.jspecify.annotations.NullMarked;

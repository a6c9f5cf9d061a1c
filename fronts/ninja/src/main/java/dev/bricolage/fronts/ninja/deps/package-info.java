/**
 * What commands say of their dependencies: in a {@link dev.bricolage.fronts.ninja.deps.Depfile}
 * (gcc and its kin), in their output ({@link dev.bricolage.fronts.ninja.deps.ShowIncludes}, msvc),
 * or before they run, in a {@link dev.bricolage.fronts.ninja.deps.DyndepFile}. All three are read
 * as ninja 1.11 reads them and complain in its words.
 */
@NullMarked
package dev.bricolage.fronts.ninja.deps;

import org.jspecify.annotations.NullMarked;

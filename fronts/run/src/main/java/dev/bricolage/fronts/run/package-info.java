/**
 * {@code bric run}: any command as a pure function of its workspace. {@link
 * dev.bricolage.fronts.run.RunFront} is the whole journey.
 */
@NullMarked
package dev.bricolage.fronts.run;

import org.jspecify.annotations.NullMarked;

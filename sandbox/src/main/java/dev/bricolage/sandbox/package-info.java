/**
 * A pure execve on Linux: a process that sees what its {@link dev.bricolage.sandbox.Plan} holds and
 * nothing else, and a list of all it looked at.
 *
 * <p>The tour: a {@link dev.bricolage.sandbox.Plan} is data, a list of {@link
 * dev.bricolage.sandbox.MountOp}s and the command's settings. {@link dev.bricolage.sandbox.Sandbox}
 * owns the native helper ({@code sandbox/native}) that obeys plans; {@link
 * dev.bricolage.sandbox.Running} is one run under way, its output going to a {@link
 * dev.bricolage.sandbox.Console}; {@link dev.bricolage.sandbox.Ended} says how it ended and, as
 * {@link dev.bricolage.sandbox.Sighting}s, what it asked of the world. Bytes on the wire: {@code
 * docs/formats/plan.md}. Why the sightings suffice: {@code docs/design/observation.md}.
 */
@NullMarked
package dev.bricolage.sandbox;

import org.jspecify.annotations.NullMarked;

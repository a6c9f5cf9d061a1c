/**
 * Sends events to a build event service, as Bazel's clients do. {@link
 * dev.bricolage.remote.events.service.Upload} is one invocation's; what has not been acknowledged
 * yet waits in a {@code Backlog}, in memory and then on the disk, and is sent again after a cut.
 */
@NullMarked
package dev.bricolage.remote.events.service;

import org.jspecify.annotations.NullMarked;

/**
 * The build event stream: what happens during a request, in Bazel's Build Event Protocol, for the
 * viewers that are made for that. {@link dev.bricolage.remote.events.EventStream} hears the house's
 * own events and writes messages ({@code bep}) to files ({@code file}) and to a service, as {@link
 * dev.bricolage.remote.events.Publication} says. Everything is done on threads of its own; a build
 * never waits for its readers.
 */
@NullMarked
package dev.bricolage.remote.events;

import org.jspecify.annotations.NullMarked;

/**
 * The build event stream on the command line: {@link dev.bricolage.cli.events.EventOptions} are its
 * options, shared by the commands that build.
 */
@NullMarked
package dev.bricolage.cli.events;

import org.jspecify.annotations.NullMarked;

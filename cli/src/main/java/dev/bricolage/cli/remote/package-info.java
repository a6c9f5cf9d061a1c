/**
 * Which remote cache a request goes by: {@link dev.bricolage.cli.remote.RemoteWords} are the
 * options, on the command line and in {@code bric.toml}.
 */
@NullMarked
package dev.bricolage.cli.remote;

import org.jspecify.annotations.NullMarked;

/**
 * The line to a server: {@link dev.bricolage.remote.client.line.RemoteOptions} say where it is,
 * {@link dev.bricolage.remote.client.line.RemoteCapabilities} what it can do, and {@link
 * dev.bricolage.remote.client.line.RemoteFailure} is how every caller hears that it did not.
 *
 * <p>{@link dev.bricolage.remote.client.line.Line} is the only door: it holds the channel, makes
 * calls again when their {@link dev.bricolage.remote.client.line.Ending} says that this may help
 * ({@link dev.bricolage.remote.client.line.Tries} counts and waits), and keeps callers away while
 * the server is sick ({@code Breaker}). An {@link dev.bricolage.remote.client.line.Exchange} is one
 * call whose caller simply blocks, on a virtual thread. Time and chance come from {@link
 * dev.bricolage.remote.client.line.Surroundings}, so that tests need not wait.
 *
 * <p>gRPC's classes are loaded when the first line is opened, and not before: that costs half a
 * second, which only who uses a server pays.
 */
@NullMarked
package dev.bricolage.remote.client.line;

import org.jspecify.annotations.NullMarked;

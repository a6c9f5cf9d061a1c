/**
 * What Linux says of its files, asked directly: the calls that {@code java.nio.file} makes slowly
 * (a {@code stat} with an exception for every absent path), coarsely (no nanoseconds of ctime), or
 * not at all ({@code syncfs}, {@code flock}, the number behind "no space left").
 *
 * <p>The tour: {@link dev.bricolage.store.host.Stat} is what there is at a path; {@link
 * dev.bricolage.store.host.HostFiles} are the calls that take names; {@link
 * dev.bricolage.store.host.HostFile} is one open file; {@link dev.bricolage.store.host.FileLock}
 * keeps other processes out; {@code Libc} is the only class that knows how C is called.
 */
@NullMarked
package dev.bricolage.store.host;

import org.jspecify.annotations.NullMarked;

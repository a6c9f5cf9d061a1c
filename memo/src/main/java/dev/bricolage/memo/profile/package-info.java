/**
 * What a memo spends its time on, for people to look at. {@link
 * dev.bricolage.memo.profile.ChromeTrace} listens to a memo and writes what it hears in the format
 * that chrome://tracing and Perfetto draw: tasks as slices on the threads that ran them, waiting as
 * slices of its own, all else as marks.
 */
@NullMarked
package dev.bricolage.memo.profile;

import org.jspecify.annotations.NullMarked;

/** Streams of all kinds, each held against the rules of the protocol by a {@code StreamChecker}. */
@NullMarked
package dev.bricolage.remote.events;

import org.jspecify.annotations.NullMarked;

/**
 * What happens, in the messages of Bazel's Build Event Protocol. {@link
 * dev.bricolage.remote.events.bep.Translation} writes them; {@code Chain} keeps the protocol's
 * rules: each event but the first is announced before it comes, whatever is announced comes, and
 * none comes twice.
 */
@NullMarked
package dev.bricolage.remote.events.bep;

import org.jspecify.annotations.NullMarked;

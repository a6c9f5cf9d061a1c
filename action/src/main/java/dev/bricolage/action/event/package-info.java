/**
 * What happens while a request is carried out, for whoever wants to follow it. A front tells {@link
 * dev.bricolage.action.event.Event}s to a {@link dev.bricolage.action.event.Listener}; what was
 * asked at all is an {@link dev.bricolage.action.event.Invocation}, and what came of it an {@link
 * dev.bricolage.action.event.End}. Nouns only: the build event stream is one reader of them.
 */
@NullMarked
package dev.bricolage.action.event;

import org.jspecify.annotations.NullMarked;

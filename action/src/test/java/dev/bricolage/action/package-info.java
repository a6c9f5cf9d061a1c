/**
 * Tests of the nouns: {@link dev.bricolage.action.Reapi} holds their messages as protobuf's own
 * runtime sees them.
 */
@NullMarked
package dev.bricolage.action;

import org.jspecify.annotations.NullMarked;

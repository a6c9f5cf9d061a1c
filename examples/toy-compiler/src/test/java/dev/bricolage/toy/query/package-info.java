/** The compiler's keys, asked of a memo; what happens is read from its events. */
@NullMarked
package dev.bricolage.toy.query;

import org.jspecify.annotations.NullMarked;

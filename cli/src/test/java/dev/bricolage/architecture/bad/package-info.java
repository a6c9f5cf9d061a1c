/** A house where every rule is broken, so that a rule that cannot fail is noticed. */
@NullMarked
package dev.bricolage.architecture.bad;

import org.jspecify.annotations.NullMarked;

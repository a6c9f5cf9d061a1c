/** Tests of ninja's logs: ours is read by ninja, and ninja's by us. */
@NullMarked
package dev.bricolage.fronts.ninja.log;

import org.jspecify.annotations.NullMarked;

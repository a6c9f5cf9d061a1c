/** Tests of the incremental engine. */
@NullMarked
package dev.bricolage.memo.engine;

import org.jspecify.annotations.NullMarked;

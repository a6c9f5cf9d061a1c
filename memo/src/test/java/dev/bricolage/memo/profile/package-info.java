/** Tests of the tracer: its bytes, and that whatever many threads tell it nests. */
@NullMarked
package dev.bricolage.memo.profile;

import org.jspecify.annotations.NullMarked;

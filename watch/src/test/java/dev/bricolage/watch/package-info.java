/** Tests of a folder as a memo's world, against real folders and the real kernel. */
@NullMarked
package dev.bricolage.watch;

import org.jspecify.annotations.NullMarked;

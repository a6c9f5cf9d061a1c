/** The toy compiler as a program, and the manual's page about it. */
@NullMarked
package dev.bricolage.toy;

import org.jspecify.annotations.NullMarked;

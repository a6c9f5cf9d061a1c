/** This part of the language, without any key. */
@NullMarked
package dev.bricolage.toy.machine;

import org.jspecify.annotations.NullMarked;

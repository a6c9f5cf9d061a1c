/** This part of the language, without any key. */
@NullMarked
package dev.bricolage.toy.check;

import org.jspecify.annotations.NullMarked;

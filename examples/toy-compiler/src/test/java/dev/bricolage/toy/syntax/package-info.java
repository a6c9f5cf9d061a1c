/** This part of the language, without any key. */
@NullMarked
package dev.bricolage.toy.syntax;

import org.jspecify.annotations.NullMarked;

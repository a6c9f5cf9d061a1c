/** The language, without any key. */
@NullMarked
package dev.bricolage.toy.language;

import org.jspecify.annotations.NullMarked;

/** The specification's own examples, by hand. */
@NullMarked
package dev.bricolage.model;

import org.jspecify.annotations.NullMarked;

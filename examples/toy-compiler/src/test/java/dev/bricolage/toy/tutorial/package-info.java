/** What {@code docs/manual/library.md} shows, as code that runs, and the test of that page. */
@NullMarked
package dev.bricolage.toy.tutorial;

import org.jspecify.annotations.NullMarked;

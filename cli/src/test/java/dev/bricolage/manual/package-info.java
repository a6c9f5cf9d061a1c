/** Plays the manual: every page under {@code docs/manual} is a session, and must go as it says. */
@NullMarked
package dev.bricolage.manual;

import org.jspecify.annotations.NullMarked;

/**
 * The rules of ARCHITECTURE.md as tests. {@link dev.bricolage.architecture.Rules} states them for
 * any root package: once for the real one, where they must hold, and once for {@code
 * dev.bricolage.architecture.bad}, a small house where every one of them is broken.
 */
@NullMarked
package dev.bricolage.architecture;

import org.jspecify.annotations.NullMarked;

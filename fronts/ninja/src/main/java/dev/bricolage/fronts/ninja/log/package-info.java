/**
 * The two files in which ninja remembers a build directory: {@link
 * dev.bricolage.fronts.ninja.log.BuildLog} is {@code .ninja_log}, version 5, and {@link
 * dev.bricolage.fronts.ninja.log.DepsLog} is {@code .ninja_deps}, version 4, as ninja 1.11 reads
 * and writes them. Both are bytes; {@link dev.bricolage.fronts.ninja.log.LogPlaces} says where they
 * lie. When they are written is the caller's.
 */
@NullMarked
package dev.bricolage.fronts.ninja.log;

import org.jspecify.annotations.NullMarked;

/**
 * How ninja reads words: {@link dev.bricolage.fronts.ninja.options.Getopt} as GNU getopt does,
 * {@link dev.bricolage.fronts.ninja.options.CNumber} as C does, and {@link
 * dev.bricolage.fronts.ninja.options.Spelling} guesses what was meant.
 */
@NullMarked
package dev.bricolage.fronts.ninja.options;

import org.jspecify.annotations.NullMarked;

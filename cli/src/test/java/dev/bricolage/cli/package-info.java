/**
 * Tests of the command line. {@link dev.bricolage.cli.Bric} runs the real client of the finished
 * installation; {@link dev.bricolage.cli.Host} is a daemon inside the test, with work the test
 * chooses.
 */
@NullMarked
package dev.bricolage.cli;

import org.jspecify.annotations.NullMarked;

/** The server's contract over each transport, with what clients do wrong. */
@NullMarked
package dev.bricolage.fronts.reapi;

import org.jspecify.annotations.NullMarked;

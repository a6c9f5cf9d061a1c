/** What needs no server: targets, passwords. */
@NullMarked
package dev.bricolage.remote.client.line;

import org.jspecify.annotations.NullMarked;

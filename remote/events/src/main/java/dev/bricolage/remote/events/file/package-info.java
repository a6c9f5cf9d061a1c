/** The files that events are written to. */
@NullMarked
package dev.bricolage.remote.events.file;

import org.jspecify.annotations.NullMarked;

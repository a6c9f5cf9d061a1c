@NullMarked
package dev.bricolage.remote.protocol.chunk;

import org.jspecify.annotations.NullMarked;

/**
 * Cutting large blobs by their content, so that of one that changed a little only a little travels:
 * {@link dev.bricolage.remote.protocol.chunk.FastCdc}. Client and server find the same chunks only
 * if they cut alike, so there is one cutter for both.
 */
@NullMarked
package dev.bricolage.remote.protocol.chunk;

import org.jspecify.annotations.NullMarked;

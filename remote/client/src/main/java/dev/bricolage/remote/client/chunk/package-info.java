/**
 * Cutting large blobs by their content, so that of one that changed a little only a little travels:
 * {@link dev.bricolage.remote.client.chunk.FastCdc}.
 */
@NullMarked
package dev.bricolage.remote.client.chunk;

import org.jspecify.annotations.NullMarked;

/**
 * Blobs from the server: {@link dev.bricolage.remote.client.blob.read.BlobReader} has small ones
 * come in batches, large ones as streams that go on where they were cut ({@code Download}), and
 * {@link dev.bricolage.remote.client.blob.read.ChunkedReader}, where the server cuts, only those
 * chunks of a large one that we have not.
 *
 * <p>What arrives is hashed. Bytes that are not the digest's are as good as missing: whoever wanted
 * them makes them again.
 */
@NullMarked
package dev.bricolage.remote.client.blob.read;

import org.jspecify.annotations.NullMarked;

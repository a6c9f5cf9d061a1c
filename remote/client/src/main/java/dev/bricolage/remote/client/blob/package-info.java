/**
 * Blobs on their way. {@link dev.bricolage.remote.client.blob.Presence} asks what the server has;
 * {@link dev.bricolage.remote.client.blob.BlobWriter} sends what it lacks, each blob once however
 * many threads want it there ({@code Flights}); {@link dev.bricolage.remote.client.blob.BlobReader}
 * brings blobs here. Small ones travel in {@code Batches}, several messages at once ({@code
 * Together}); large ones as streams that go on where they were cut ({@code Upload}, {@code
 * Download}), or, where the server cuts and joins, as those chunks that the other side has not
 * ({@code ChunkedWriter}, {@link dev.bricolage.remote.client.blob.ChunkedReader}); all packed by
 * {@code Zstd} where the server offers it.
 *
 * <p>What arrives is hashed. Bytes that are not the digest's are as good as missing: whoever wanted
 * them makes them again.
 */
@NullMarked
package dev.bricolage.remote.client.blob;

import org.jspecify.annotations.NullMarked;

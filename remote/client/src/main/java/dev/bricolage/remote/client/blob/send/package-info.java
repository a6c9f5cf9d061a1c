/**
 * Blobs to the server: {@link dev.bricolage.remote.client.blob.send.Presence} asks what it has;
 * {@link dev.bricolage.remote.client.blob.send.BlobWriter} sends what it lacks from a {@link
 * dev.bricolage.remote.client.blob.send.Source}, each blob once however many threads want it there
 * ({@code Flights}). Small ones go in batches, large ones as streams that go on where they were cut
 * ({@code Upload}), or, where the server joins, as those chunks that it has not ({@code
 * ChunkedWriter}).
 */
@NullMarked
package dev.bricolage.remote.client.blob.send;

import org.jspecify.annotations.NullMarked;

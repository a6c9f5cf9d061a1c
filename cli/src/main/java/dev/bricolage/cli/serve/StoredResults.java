package dev.bricolage.cli.serve;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Shelf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Results that outlast the server: the store's blobs, by their digests. */
final class StoredResults implements ActionResults {
  private final Shelf shelf;
  private final Blobs blobs;

  StoredResults(Shelf shelf, Blobs blobs) {
    this.shelf = shelf;
    this.blobs = blobs;
  }

  @Override
  public Optional<byte[]> get(String tenant, Digest action) {
    return shelf.get(tenant, action).flatMap(StoredResults::digest).flatMap(blobs::read);
  }

  @Override
  public void put(String tenant, Digest action, byte[] result) {
    Digest blob = blobs.put(result);
    shelf.put(
        tenant,
        action,
        ByteBuffer.allocate(Digest.HASH_BYTES + Long.BYTES)
            .put(blob.hash())
            .putLong(blob.size())
            .array());
  }

  private static Optional<Digest> digest(byte[] value) {
    return value.length == Digest.HASH_BYTES + Long.BYTES
        ? Optional.of(
            Digest.of(
                Arrays.copyOf(value, Digest.HASH_BYTES),
                ByteBuffer.wrap(value).getLong(Digest.HASH_BYTES)))
        : Optional.empty();
  }
}

package dev.bricolage.cli.serve;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.results.ResultCache;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Shelf;
import dev.bricolage.store.Store;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Results that outlast the server: the store's blobs, by their digests. */
final class StoredResults implements ActionResults {
  private static final String SHELF = "results";

  private final Shelf shelf;
  private final Blobs blobs;

  StoredResults(Store store) {
    this.shelf = store.shelf(SHELF);
    this.blobs = store.blobs();
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

  /**
   * Forgets results that nobody can be given any more, or that nobody asked for since {@code
   * cutoff}; part of {@code bric store gc}.
   *
   * @return how many
   */
  static long forget(Store store, Instant cutoff) {
    return store
        .shelf(SHELF)
        .keep(item ->
            digest(item.value())
                .flatMap(store::glance)
                .filter(result -> !result.lastUse().isBefore(cutoff))
                .filter(result -> ResultCache.isWhole(result.bytes(), store.blobs()::isStored))
                .isPresent());
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

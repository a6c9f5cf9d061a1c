package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Values;
import java.util.Optional;

/**
 * A memo's values as blobs. Every write to the store's tables is durable only after the blobs that
 * were put before it ({@link dev.bricolage.memo.trace.TraceNodes#update}), so no trace that
 * outlasts a crash names a value that did not. One that was collected, lost or damaged is missing.
 */
public final class BlobValues implements Values {
  private final Blobs blobs;

  /** Values among these blobs; traces that name them belong into the tables of the same store. */
  public BlobValues(Blobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public Digest put(byte[] bytes) {
    return blobs.put(bytes);
  }

  @Override
  public Optional<byte[]> read(Digest digest) {
    return blobs.read(digest);
  }
}

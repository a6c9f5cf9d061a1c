package dev.bricolage.store;

import dev.bricolage.action.Digest;

class MemoryBlobsTest extends BlobsContract {
  private final MemoryBlobs blobs = new MemoryBlobs();

  @Override
  Blobs blobs() {
    return blobs;
  }

  @Override
  void damage(Digest digest) {
    blobs.damage(digest);
  }
}

package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.io.ByteArrayOutputStream;

/** An arrival that waits in memory until it is whole. */
final class Gathered implements Arrival {
  private final Blobs blobs;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Gathered(Blobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public void write(byte[] more, int offset, int length) {
    bytes.write(more, offset, length);
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public boolean finish(Digest wanted) {
    byte[] whole = bytes.toByteArray();
    if (!Digest.of(whole).equals(wanted)) {
      return false;
    }
    blobs.put(whole);
    return true;
  }

  @Override
  public void close() {
    bytes.reset();
  }
}

package dev.bricolage.fronts.reapi.cas;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Deflater;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.store.DamagedBlob;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A blob's bytes in pieces for the wire. One that proves damaged ends in NOT_FOUND, which every
 * client knows how to heal; it is removed by then.
 */
final class BlobPieces {
  private static final int PIECE_BYTES = 256 * 1024;

  private final Digest digest;
  private final Closeable from;
  private final Reading reading;

  private interface Reading {
    byte[] next() throws IOException;
  }

  private BlobPieces(Digest digest, Closeable from, Reading reading) {
    this.digest = digest;
    this.from = from;
    this.reading = reading;
  }

  /** The blob's bytes from {@code offset} on, if it is there. */
  static Optional<InputStream> opened(TenantBlobs blobs, Digest digest, long offset) {
    try {
      return blobs.open(digest, offset);
    } catch (IOException e) {
      throw failed(digest, e);
    }
  }

  /** At most {@code limit} of these bytes. */
  static BlobPieces plain(InputStream bytes, Digest digest, long limit) {
    long[] left = {limit};
    return new BlobPieces(
        digest,
        bytes,
        () -> {
          byte[] piece = bytes.readNBytes((int) Math.min(PIECE_BYTES, left[0]));
          left[0] -= piece.length;
          return piece;
        });
  }

  /** These bytes as zstd. */
  static BlobPieces packed(InputStream bytes, Digest digest) {
    Deflater deflater = new Deflater(bytes, PIECE_BYTES);
    return new BlobPieces(digest, deflater, deflater::next);
  }

  /** The next piece; empty at the end. */
  byte[] next() {
    try {
      return reading.next();
    } catch (IOException e) {
      throw failed(digest, e);
    }
  }

  private static RuntimeException failed(Digest digest, IOException e) {
    return e instanceof DamagedBlob
        ? Refusal.notFound("the blob %s was damaged and is not here any more".formatted(digest))
        : new UncheckedIOException(e);
  }

  void close() {
    close(from);
  }

  private static void close(Closeable from) {
    try {
      from.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.bricolage.fronts.reapi.cas;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.DamagedBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Large blobs in parts, so that of a new version only what is new travels. A chunk is a blob as any
 * other: it is held, counted and collected as one.
 */
final class Chunks {
  /** So many digests fit into a message. */
  private static final long MOST_BYTES = 32_768L * FastCdc.USUAL.average();

  private static final int PIECE_BYTES = 128 * 1024;

  private final TenantBlobs blobs;

  Chunks(TenantBlobs blobs) {
    this.blobs = blobs;
  }

  /**
   * Keeps the chunks of a blob as blobs of their own.
   *
   * @return their digests, in order
   */
  List<Digest> split(Digest blob) {
    if (blob.size() > MOST_BYTES) {
      throw Refusal.exhausted("%s is too large to be split; ByteStream has it".formatted(blob));
    }
    List<Digest> chunks = new ArrayList<>();
    try (InputStream in = open(blob)) {
      FastCdc.USUAL.cut(
          in,
          (bytes, from, length) ->
              chunks.add(keep(Arrays.copyOfRange(bytes, from, from + length))));
    } catch (DamagedBlob e) {
      throw gone(blob);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return chunks;
  }

  private Digest keep(byte[] chunk) {
    Digest digest = Digest.of(chunk);
    blobs.put(digest, chunk);
    return digest;
  }

  /**
   * Makes a blob of chunks.
   *
   * @throws Refusal NOT_FOUND when one of them is not there, INVALID_ARGUMENT when they are not the
   *     blob's
   */
  void splice(List<Digest> chunks, Digest wanted) {
    long size = chunks.stream().mapToLong(Digest::size).sum();
    List<Digest> missing = blobs.missing(chunks);
    if (!missing.isEmpty()) {
      throw Refusal.notFound("the chunk %s is not here".formatted(missing.getFirst()));
    }
    if (size != wanted.size()) {
      throw Refusal.invalid("the chunks have %d bytes, not the %s's".formatted(size, wanted));
    }
    if (blobs.has(wanted)) {
      return;
    }
    try (Arrival arrival = blobs.arrive(wanted)) {
      each(chunks, (bytes, length) -> arrival.write(bytes, 0, length));
      if (!arrival.finish(wanted)) {
        throw Refusal.invalid("the chunks are not those of %s".formatted(wanted));
      }
    }
    blobs.hold(List.of(wanted));
  }

  /** What chunks are together, for who does not say. */
  Digest digest(List<Digest> chunks) {
    MessageDigest hash = Digest.sha256();
    each(chunks, (bytes, length) -> hash.update(bytes, 0, length));
    return Digest.of(hash.digest(), chunks.stream().mapToLong(Digest::size).sum());
  }

  private interface Sink {
    void take(byte[] bytes, int length);
  }

  private void each(List<Digest> chunks, Sink sink) {
    byte[] bytes = new byte[PIECE_BYTES];
    for (Digest chunk : chunks) {
      try (InputStream in = open(chunk)) {
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
          sink.take(bytes, read);
        }
      } catch (DamagedBlob e) {
        throw gone(chunk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private InputStream open(Digest blob) {
    return blobs.open(blob).orElseThrow(() -> gone(blob));
  }

  private static Refusal gone(Digest blob) {
    return Refusal.notFound("the blob %s is not here".formatted(blob));
  }
}

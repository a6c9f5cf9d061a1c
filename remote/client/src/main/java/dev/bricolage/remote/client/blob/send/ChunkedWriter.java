package dev.bricolage.remote.client.blob.send;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Batches;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.ChunkingFunction;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobRequest;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a large blob as chunks, of which only those travel that the server lacks, and has it put
 * them together. The bytes are read twice: once to be cut, once to be sent.
 */
final class ChunkedWriter {
  /** Their digests have to fit into one message. */
  private static final int MOST_CHUNKS = 32_768;

  private final Line line;
  private final Presence presence;
  private final Small small;

  /** Sends chunks as blobs of their own. */
  @FunctionalInterface
  interface Small {
    /** Sends these, which fit into as many batches as travel at once. */
    void send(Set<Digest> chunks, Source from) throws RemoteFailure, InterruptedException;
  }

  ChunkedWriter(Line line, Presence presence, Small small) {
    this.line = line;
    this.presence = presence;
    this.small = small;
  }

  /** Sends it; false when the server would not have it so, and it must be sent whole. */
  boolean send(Digest digest, Source from, FastCdc cutter)
      throws RemoteFailure, InterruptedException {
    List<FastCdc.Chunk> chunks = cut(digest, from, cutter);
    if (chunks.size() > MOST_CHUNKS) {
      return false;
    }
    List<Digest> digests = chunks.stream().map(FastCdc.Chunk::digest).toList();
    try {
      sendMissing(digest, from, chunks, presence.missing(digests));
      return splice(digest, digests);
    } catch (RemoteFailure e) {
      return switch (e.kind()) {
        case UNSUPPORTED, REFUSED, BAD_ANSWER, TOO_LARGE -> false;
        case MISSING -> {
          if (e.missing().contains(digest)) {
            throw e; // we have it no more
          }
          yield false;
        }
        default -> throw e;
      };
    }
  }

  private List<FastCdc.Chunk> cut(Digest digest, Source from, FastCdc cutter) throws RemoteFailure {
    try (InputStream bytes = open(digest, from)) {
      return cutter.chunks(bytes);
    } catch (IOException e) {
      throw e instanceof RemoteFailure failure
          ? failure
          : BlobWriter.lacking(line.options(), digest);
    }
  }

  private InputStream open(Digest digest, Source from) throws RemoteFailure {
    Optional<InputStream> bytes = from.open(digest);
    if (bytes.isEmpty()) {
      throw BlobWriter.lacking(line.options(), digest);
    }
    return bytes.get();
  }

  private void sendMissing(
      Digest digest, Source from, List<FastCdc.Chunk> chunks, Set<Digest> missing)
      throws RemoteFailure, InterruptedException {
    Set<Digest> left = new LinkedHashSet<>(missing);
    long atOnce = (long) Batches.WIDTH * line.capabilities().batchBytes();
    Map<Digest, byte[]> batch = new LinkedHashMap<>();
    long bytes = 0;
    try (InputStream in = open(digest, from)) {
      long at = 0;
      for (FastCdc.Chunk chunk : chunks) {
        if (!left.remove(chunk.digest())) {
          continue;
        }
        if (bytes + chunk.digest().size() + Batches.ENVELOPE_BYTES > atOnce) {
          flush(batch);
          bytes = 0;
        }
        in.skipNBytes(chunk.offset() - at);
        byte[] piece = in.readNBytes((int) chunk.digest().size());
        at = chunk.offset() + piece.length;
        batch.put(chunk.digest(), piece);
        bytes += piece.length + Batches.ENVELOPE_BYTES;
      }
      flush(batch);
    } catch (IOException e) {
      throw e instanceof RemoteFailure failure
          ? failure
          : BlobWriter.lacking(line.options(), digest);
    }
  }

  private void flush(Map<Digest, byte[]> batch) throws RemoteFailure, InterruptedException {
    if (!batch.isEmpty()) {
      small.send(new LinkedHashSet<>(batch.keySet()), Source.of(Map.copyOf(batch)));
      batch.clear();
    }
  }

  private boolean splice(Digest digest, List<Digest> chunks)
      throws RemoteFailure, InterruptedException {
    SpliceBlobRequest.Builder request =
        SpliceBlobRequest.newBuilder()
            .setInstanceName(line.options().instance())
            .setBlobDigest(Digests.write(digest))
            .setChunkingFunction(ChunkingFunction.Value.FAST_CDC_2020);
    chunks.forEach(chunk -> request.addChunkDigests(Digests.write(chunk)));
    var spliced = line.call(ContentAddressableStorageGrpc.getSpliceBlobMethod(), request.build());
    return Digests.read(spliced.getBlobDigest()).equals(Optional.of(digest));
  }
}

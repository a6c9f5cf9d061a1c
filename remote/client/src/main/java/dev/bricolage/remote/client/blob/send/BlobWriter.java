package dev.bricolage.remote.client.blob.send;

import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Batches;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.blob.Together;
import dev.bricolage.remote.client.blob.Zstd;
import dev.bricolage.remote.client.line.Ending;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Blobs to the server: what it lacks, many small ones in batches, large ones as streams. */
public final class BlobWriter {
  private final Line line;
  private final Presence presence;
  private final ChunkedWriter chunked;
  private final Flights flights = new Flights();
  private volatile boolean noBatches;

  /** To the end of this line. */
  public BlobWriter(Line line, Presence presence) {
    this.line = line;
    this.presence = presence;
    this.chunked = new ChunkedWriter(line, presence, this::send);
  }

  /**
   * Sees to it that the server has these; what another thread already sends is waited for.
   *
   * @throws RemoteFailure MISSING, naming the blobs, when neither the server nor {@code from} has
   *     them
   */
  public void upload(Collection<Digest> digests, Source from)
      throws RemoteFailure, InterruptedException {
    flights.run(new LinkedHashSet<>(digests), mine -> send(presence.missing(mine), from));
  }

  /** Puts one blob, without asking for it first. */
  public void put(Digest digest, byte[] bytes) throws RemoteFailure, InterruptedException {
    flights.run(Set.of(digest), mine -> send(mine, Source.of(Map.of(digest, bytes))));
  }

  private void send(Set<Digest> digests, Source from) throws RemoteFailure, InterruptedException {
    if (digests.isEmpty()) {
      return;
    }
    RemoteCapabilities server = line.capabilities();
    Set<Digest> small = new LinkedHashSet<>();
    List<Together.Job> jobs = new ArrayList<>();
    for (Digest digest : digests) {
      if (digest.size() > server.blobBytes()) {
        throw tooLarge(digest, server);
      }
      if (!noBatches && Batches.fits(digest, server.batchBytes())) {
        small.add(digest);
      } else {
        jobs.add(() -> sendAlone(digest, from));
      }
    }
    Batches.ofBytes(small, server.batchBytes())
        .forEach(batch -> jobs.add(() -> sendBatch(batch, from)));
    Together.run(Batches.WIDTH, jobs);
  }

  private RemoteFailure tooLarge(Digest digest, RemoteCapabilities server) {
    return new RemoteFailure(
        Kind.TOO_LARGE,
        "%s: the blob %s is larger than the %d bytes that it takes"
            .formatted(line.options().target(), digest, server.blobBytes()));
  }

  /** Nobody has it. */
  static RemoteFailure lacking(RemoteOptions options, Digest digest) {
    return new RemoteFailure(
        Kind.MISSING,
        "%s: the blob %s is to be sent there, and is not in the store: what made it must run again"
            .formatted(options.target(), digest),
        List.of(digest));
  }

  private void sendAlone(Digest digest, Source from) throws RemoteFailure, InterruptedException {
    RemoteCapabilities server = line.capabilities();
    Optional<FastCdc> cutter = server.splice() ? server.chunking() : Optional.empty();
    if (cutter.isPresent()
        && digest.size() > cutter.get().most()
        && chunked.send(digest, from, cutter.get())) {
      return;
    }
    boolean zstd = server.zstd() && digest.size() >= Zstd.WORTH_BYTES;
    new Upload(line, digest, from, zstd).run();
  }

  /**
   * What the server does not take in a batch is sent as a stream, and that says why if it fails.
   */
  private void sendBatch(List<Digest> batch, Source from)
      throws RemoteFailure, InterruptedException {
    Set<Digest> left = new LinkedHashSet<>(batch);
    if (!noBatches) {
      try {
        line.call(ContentAddressableStorageGrpc.getBatchUpdateBlobsMethod(), request(batch, from))
            .getResponsesList()
            .forEach(response -> take(response, left));
      } catch (RemoteFailure e) {
        switch (e.kind()) {
          case UNSUPPORTED -> noBatches = true;
          case TOO_LARGE, REFUSED -> {} // streams have no such limits
          default -> throw e;
        }
      }
    }
    for (Digest digest : left) {
      sendAlone(digest, from);
    }
  }

  private BatchUpdateBlobsRequest request(List<Digest> batch, Source from)
      throws RemoteFailure, InterruptedException {
    boolean zstd = line.capabilities().zstdBatches();
    BatchUpdateBlobsRequest.Builder request =
        BatchUpdateBlobsRequest.newBuilder().setInstanceName(line.options().instance());
    for (Digest digest : batch) {
      Optional<byte[]> bytes = from.read(digest);
      if (bytes.isEmpty()) {
        throw lacking(line.options(), digest);
      }
      Optional<byte[]> packed = zstd ? Zstd.pack(bytes.get()) : Optional.empty();
      request
          .addRequestsBuilder()
          .setDigest(Digests.write(digest))
          .setCompressor(packed.isPresent() ? Compressor.Value.ZSTD : Compressor.Value.IDENTITY)
          .setData(UnsafeByteOperations.unsafeWrap(packed.orElse(bytes.get())));
    }
    return request.build();
  }

  private static void take(BatchUpdateBlobsResponse.Response response, Set<Digest> left) {
    switch (Ending.of(response.getStatus()).code()) {
      case OK, ALREADY_EXISTS -> Digests.read(response.getDigest()).ifPresent(left::remove);
      default -> {}
    }
  }
}

package dev.bricolage.remote.client.blob.read;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Batches;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.blob.Together;
import dev.bricolage.remote.client.blob.Zstd;
import dev.bricolage.remote.client.line.Ending;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.Blobs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs from the server: many small ones in batches, large ones as streams. */
public final class BlobReader {
  private final Line line;
  private volatile boolean noBatches;

  /** From the end of this line. */
  public BlobReader(Line line) {
    this.line = line;
  }

  /**
   * The bytes of these, in memory; those that the server lacks, or has wrong, are left out.
   *
   * @throws RemoteFailure when the server cannot say
   */
  public Map<Digest, byte[]> readAll(Collection<Digest> digests)
      throws RemoteFailure, InterruptedException {
    Map<Digest, byte[]> all = new ConcurrentHashMap<>();
    Set<Digest> small = new LinkedHashSet<>();
    List<Together.Job> jobs = new ArrayList<>();
    int batchBytes = digests.isEmpty() ? 0 : line.capabilities().batchBytes();
    for (Digest digest : new LinkedHashSet<>(digests)) {
      if (digest.equals(Digest.EMPTY)) {
        all.put(digest, new byte[0]);
      } else if (!noBatches && Batches.fits(digest, batchBytes)) {
        small.add(digest);
      } else {
        jobs.add(() -> readAlone(digest, all));
      }
    }
    Batches.ofBytes(small, batchBytes).forEach(batch -> jobs.add(() -> readBatch(batch, all)));
    Together.run(Batches.WIDTH, jobs);
    Map<Digest, byte[]> inOrder = new LinkedHashMap<>();
    digests.forEach(digest ->
        Optional.ofNullable(all.get(digest)).ifPresent(bytes -> inOrder.put(digest, bytes)));
    return inOrder;
  }

  private void readAlone(Digest digest, Map<Digest, byte[]> into)
      throws RemoteFailure, InterruptedException {
    if (digest.size() > Integer.MAX_VALUE - 64) {
      throw new RemoteFailure(
          Kind.TOO_LARGE, "the blob %s does not fit in memory: fetch it".formatted(digest));
    }
    InMemory memory = new InMemory();
    if (fetch(digest, () -> memory.begin((int) digest.size()))) {
      into.put(digest, memory.bytes());
    }
  }

  /** What the server leaves out is asked for again, and alone when that brings nothing. */
  private void readBatch(List<Digest> batch, Map<Digest, byte[]> into)
      throws RemoteFailure, InterruptedException {
    Set<Digest> left = new LinkedHashSet<>(batch);
    int before = left.size() + 1;
    while (!noBatches && !left.isEmpty() && left.size() < before) {
      before = left.size();
      ask(left, into);
    }
    for (Digest digest : left) {
      readAlone(digest, into);
    }
  }

  private void ask(Set<Digest> left, Map<Digest, byte[]> into)
      throws RemoteFailure, InterruptedException {
    try {
      line.call(ContentAddressableStorageGrpc.getBatchReadBlobsMethod(), request(left))
          .getResponsesList()
          .forEach(response -> take(response, left, into));
    } catch (RemoteFailure e) {
      switch (e.kind()) {
        case UNSUPPORTED -> noBatches = true;
        case TOO_LARGE, REFUSED -> {} // streams have no such limits
        default -> throw e;
      }
    }
  }

  private BatchReadBlobsRequest request(Collection<Digest> digests)
      throws RemoteFailure, InterruptedException {
    BatchReadBlobsRequest.Builder request =
        BatchReadBlobsRequest.newBuilder().setInstanceName(line.options().instance());
    digests.forEach(digest -> request.addDigests(Digests.write(digest)));
    if (line.capabilities().zstd()) {
      request
          .addAcceptableCompressors(Compressor.Value.IDENTITY)
          .addAcceptableCompressors(Compressor.Value.ZSTD);
    }
    return request.build();
  }

  /** One blob of an answer; one that was not asked for, or came before, is nothing to us. */
  private void take(
      BatchReadBlobsResponse.Response response, Set<Digest> left, Map<Digest, byte[]> into) {
    Optional<Digest> named = Digests.read(response.getDigest()).filter(left::contains);
    if (named.isEmpty()) {
      return;
    }
    Digest digest = named.get();
    Ending ending = Ending.of(response.getStatus());
    switch (ending.code()) {
      case OK -> {
        left.remove(digest);
        Optional<byte[]> bytes = unpacked(response.getData(), response.getCompressor(), digest);
        if (bytes.isPresent() && Digest.of(bytes.get()).equals(digest)) {
          into.put(digest, bytes.get());
        } else {
          wrong(digest);
        }
      }
      case NOT_FOUND -> left.remove(digest);
      default -> {} // its stream will say what is the matter with it
    }
  }

  private static Optional<byte[]> unpacked(
      ByteString data, Compressor.Value compressor, Digest digest) {
    return switch (compressor) {
      case IDENTITY -> Optional.of(data.toByteArray());
      case ZSTD -> Zstd.unpack(data.toByteArray(), (int) digest.size());
      default -> Optional.empty();
    };
  }

  private void wrong(Digest digest) {
    line.warnOnce(
        "wrong bytes",
        "%s: the bytes it has as %s are not that blob's: this one, and others like it, count as missing"
            .formatted(line.options().target(), digest));
  }

  /**
   * Fetches one into a store.
   *
   * @return false when the server lacks it, or has other bytes under its name
   */
  public boolean fetch(Digest digest, Blobs into) throws RemoteFailure, InterruptedException {
    if (digest.equals(Digest.EMPTY)) {
      into.put(new byte[0]);
      return true;
    }
    return fetch(digest, into::arrive);
  }

  /** Where a blob arrives; asked again when it has to begin anew. */
  private interface Landing {
    Arrival begin();
  }

  private boolean fetch(Digest digest, Landing landing) throws RemoteFailure, InterruptedException {
    boolean zstd = line.capabilities().zstd() && digest.size() >= Zstd.WORTH_BYTES;
    for (int begun = 0; ; begun++) {
      try (Arrival arrival = landing.begin()) {
        switch (new Download(line, digest, arrival, zstd).run()) {
          case THERE -> {
            return true;
          }
          case MISSING -> {
            return false;
          }
          case WRONG -> {
            wrong(digest);
            return false;
          }
          case NO_RESUMING -> {
            if (begun == line.options().retries()) {
              throw new RemoteFailure(
                  Kind.UNAVAILABLE,
                  "%s: Read of %s: the stream is cut and cannot be gone on with (begun %d times)"
                      .formatted(line.options().target(), digest, begun + 1));
            }
          }
        }
      }
    }
  }

  /** A blob that arrives in memory. */
  private static final class InMemory implements Arrival {
    private byte[] bytes = new byte[0];
    private int size;

    Arrival begin(int length) {
      bytes = new byte[length];
      size = 0;
      return this;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public boolean finish(Digest wanted) {
      return Digest.of(bytes).equals(wanted);
    }

    @Override
    public void close() {}
  }
}

package dev.bricolage.remote.client.blob.read;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ChunkingFunction;
import dev.bricolage.remote.protocol.Reapi.SplitBlobRequest;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches a large blob that is much like one we have: the server says which chunks it consists of,
 * ours is cut in the same way, and only what differs travels. Whatever goes wrong with that, the
 * blob is fetched whole.
 */
public final class ChunkedReader {
  /** How many bytes of chunks are asked for at once, and wait in memory. */
  private static final long WINDOW_BYTES = 8 << 20;

  private final Line line;
  private final BlobReader whole;

  /** From the end of this line. */
  public ChunkedReader(Line line, BlobReader whole) {
    this.line = line;
    this.whole = whole;
  }

  /**
   * Fetches one into a store.
   *
   * @param similar blobs there that may have much in common with it, such as its last version
   * @return false when the server lacks it, or has other bytes under its name
   */
  public boolean fetch(Digest digest, Blobs into, Collection<Digest> similar)
      throws RemoteFailure, InterruptedException {
    RemoteCapabilities server = line.capabilities();
    Optional<FastCdc> cutter = server.split() ? server.chunking() : Optional.empty();
    boolean worth = cutter.isPresent() && !similar.isEmpty() && digest.size() > cutter.get().most();
    return (worth && join(digest, into, similar, cutter.get())) || whole.fetch(digest, into);
  }

  private boolean join(Digest digest, Blobs into, Collection<Digest> similar, FastCdc cutter)
      throws RemoteFailure, InterruptedException {
    List<Digest> chunks = split(digest);
    if (chunks.stream().mapToLong(Digest::size).sum() != digest.size()) {
      return false; // not split at all, or no answer that can be
    }
    try (Arrival arrival = into.arrive()) {
      Here here = new Here(into, similar, cutter, Set.copyOf(chunks));
      if (here.isEmpty()) {
        return false;
      }
      int next = 0;
      while (next < chunks.size()) {
        int end = window(chunks, next, here);
        if (!copy(chunks.subList(next, end), here, arrival)) {
          return false;
        }
        next = end;
      }
      return arrival.finish(digest);
    } catch (IOException e) {
      if (e instanceof RemoteFailure failure) {
        throw failure;
      }
      return false; // what we have is damaged
    }
  }

  /** The server's chunks; none when it cannot say. */
  private List<Digest> split(Digest digest) throws RemoteFailure, InterruptedException {
    SplitBlobRequest request =
        SplitBlobRequest.newBuilder()
            .setInstanceName(line.options().instance())
            .setBlobDigest(Digests.write(digest))
            .setChunkingFunction(ChunkingFunction.Value.FAST_CDC_2020)
            .build();
    try {
      List<Digest> chunks = new ArrayList<>();
      for (Reapi.Digest chunk :
          line.call(ContentAddressableStorageGrpc.getSplitBlobMethod(), request)
              .getChunkDigestsList()) {
        chunks.add(Digests.read(line.options().target(), "SplitBlob", chunk));
      }
      return chunks;
    } catch (RemoteFailure e) {
      return switch (e.kind()) {
        case UNAVAILABLE, DENIED -> throw e;
        default -> List.of();
      };
    }
  }

  private static int window(List<Digest> chunks, int from, Here here) {
    long bytes = 0;
    int end = from;
    while (end < chunks.size() && (bytes == 0 || bytes < WINDOW_BYTES)) {
      bytes += here.has(chunks.get(end)) ? 0 : chunks.get(end).size();
      end++;
    }
    return end;
  }

  private boolean copy(List<Digest> chunks, Here here, Arrival arrival)
      throws RemoteFailure, InterruptedException, IOException {
    Set<Digest> far = new LinkedHashSet<>(chunks);
    far.removeIf(here::has);
    Map<Digest, byte[]> read = whole.readAll(far);
    for (Digest chunk : chunks) {
      byte[] bytes = here.has(chunk) ? here.read(chunk) : read.getOrDefault(chunk, new byte[0]);
      if (bytes.length != chunk.size()) {
        return false;
      }
      arrival.write(bytes, 0, bytes.length);
    }
    return true;
  }

  /** The chunks that are in blobs of ours. */
  private static final class Here {
    private final Map<Digest, Place> places = new HashMap<>();
    private final Blobs blobs;

    private record Place(Digest blob, long offset) {}

    Here(Blobs blobs, Collection<Digest> similar, FastCdc cutter, Set<Digest> wanted)
        throws IOException {
      this.blobs = blobs;
      for (Digest blob : similar) {
        Optional<InputStream> bytes = blobs.open(blob);
        if (bytes.isPresent()) {
          try (InputStream in = bytes.get()) {
            for (FastCdc.Chunk chunk : cutter.chunks(in)) {
              if (wanted.contains(chunk.digest())) {
                places.putIfAbsent(chunk.digest(), new Place(blob, chunk.offset()));
              }
            }
          }
        }
      }
    }

    boolean isEmpty() {
      return places.isEmpty();
    }

    boolean has(Digest chunk) {
      return places.containsKey(chunk);
    }

    /** Not checked again: the whole will be. */
    byte[] read(Digest chunk) throws IOException {
      Place place = places.getOrDefault(chunk, new Place(chunk, 0));
      try (InputStream in =
          blobs.open(place.blob(), place.offset()).orElseGet(InputStream::nullInputStream)) {
        return in.readNBytes((int) chunk.size());
      }
    }
  }
}

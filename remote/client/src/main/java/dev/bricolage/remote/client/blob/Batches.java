package dev.bricolage.remote.client.blob;

import dev.bricolage.action.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Blobs in portions that fit into a message each. */
public final class Batches {
  /**
   * What a blob adds to a message beside its bytes, either way: a hash of 64 digits, two sizes, a
   * status with a sentence that names the blob again, and their tags.
   */
  public static final int ENVELOPE_BYTES = 256;

  /** How many digests one FindMissingBlobs names: 0.8 MB of them. */
  public static final int DIGESTS = 10_000;

  /** How many messages of blobs are on their way at once; four of 4 MiB fill any link. */
  public static final int WIDTH = 4;

  private Batches() {}

  /** Whether a blob fits into a batch at all. */
  public static boolean fits(Digest digest, int batchBytes) {
    return digest.size() + ENVELOPE_BYTES <= batchBytes;
  }

  /** Portions of at most so many bytes, envelopes included; all of the blobs fit. */
  public static List<List<Digest>> ofBytes(Collection<Digest> digests, int batchBytes) {
    List<List<Digest>> batches = new ArrayList<>();
    List<Digest> batch = new ArrayList<>();
    long bytes = 0;
    for (Digest digest : digests) {
      long cost = digest.size() + ENVELOPE_BYTES;
      if (bytes + cost > batchBytes && !batch.isEmpty()) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(digest);
      bytes += cost;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /** Portions of at most so many. */
  public static List<List<Digest>> ofCount(Collection<Digest> digests, int count) {
    List<Digest> all = List.copyOf(digests);
    List<List<Digest>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += count) {
      batches.add(all.subList(from, Math.min(all.size(), from + count)));
    }
    return batches;
  }
}

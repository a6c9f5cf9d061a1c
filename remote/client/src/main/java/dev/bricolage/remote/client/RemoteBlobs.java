package dev.bricolage.remote.client;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.read.BlobReader;
import dev.bricolage.remote.client.blob.read.ChunkedReader;
import dev.bricolage.remote.client.blob.send.BlobWriter;
import dev.bricolage.remote.client.blob.send.Presence;
import dev.bricolage.remote.client.blob.send.Source;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.store.Blobs;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * The server's blobs. All calls block, heed interruption, and may be made by any number of threads;
 * they are made again for as long as that may help.
 */
public final class RemoteBlobs {
  private final Presence presence;
  private final BlobReader reader;
  private final ChunkedReader chunked;
  private final BlobWriter writer;

  RemoteBlobs(Line line) {
    presence = new Presence(line);
    reader = new BlobReader(line);
    chunked = new ChunkedReader(line, reader);
    writer = new BlobWriter(line, presence);
  }

  /** Those of these that the server says it lacks; asked in bounded portions. */
  public Set<Digest> missing(Collection<Digest> digests)
      throws RemoteFailure, InterruptedException {
    return presence.missing(digests);
  }

  /**
   * The bytes of these, which must fit in memory together. Those that the server lacks, or has
   * other bytes for, are absent from the map.
   */
  public Map<Digest, byte[]> readAll(Collection<Digest> digests)
      throws RemoteFailure, InterruptedException {
    return reader.readAll(digests);
  }

  /**
   * Fetches a blob of any size into a store.
   *
   * @return false when the server lacks it, or has other bytes for it
   * @throws dev.bricolage.store.StoreException when the store cannot take it
   */
  public boolean fetch(Digest digest, Blobs into) throws RemoteFailure, InterruptedException {
    return reader.fetch(digest, into);
  }

  /**
   * The same for a large blob that is much like some in the store, such as its last version: where
   * the server tells of what chunks it consists, only those travel that these have not.
   */
  public boolean fetch(Digest digest, Blobs into, Collection<Digest> similar)
      throws RemoteFailure, InterruptedException {
    return chunked.fetch(digest, into, similar);
  }

  /**
   * Sees to it that the server has these: asks which it lacks, and sends those, large ones in
   * chunks of which it may have some already, where it puts such together. A blob that another
   * thread is sending is waited for and not sent twice.
   *
   * @throws RemoteFailure MISSING, naming the blob, when it is in {@code from} no more
   */
  public void upload(Collection<Digest> digests, Blobs from)
      throws RemoteFailure, InterruptedException {
    writer.upload(digests, Source.of(from));
  }

  /** The same for blobs of which some are not in the store, but here. */
  public void upload(Collection<Digest> digests, Map<Digest, byte[]> made, Blobs from)
      throws RemoteFailure, InterruptedException {
    writer.upload(digests, Source.of(made).or(Source.of(from)));
  }

  /** Sends some bytes, without asking for them first. */
  public Digest put(byte[] bytes) throws RemoteFailure, InterruptedException {
    Digest digest = Digest.of(bytes);
    writer.put(digest, bytes);
    return digest;
  }
}

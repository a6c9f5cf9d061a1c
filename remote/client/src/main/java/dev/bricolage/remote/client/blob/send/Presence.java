package dev.bricolage.remote.client.blob.send;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Batches;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.blob.Together;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which blobs the server has, as it says. */
public final class Presence {
  private final Line line;

  /** At the end of this line. */
  public Presence(Line line) {
    this.line = line;
  }

  /** Those of these that it lacks, in the order they were given; asked in bounded portions. */
  public Set<Digest> missing(Collection<Digest> digests)
      throws RemoteFailure, InterruptedException {
    Set<Digest> asked = new LinkedHashSet<>(digests);
    Set<Digest> found = ConcurrentHashMap.newKeySet();
    List<Together.Job> jobs =
        Batches.ofCount(asked, Batches.DIGESTS).stream()
            .map(batch -> (Together.Job) () -> found.addAll(ask(batch)))
            .toList();
    Together.run(Batches.WIDTH, jobs);
    asked.retainAll(found);
    return asked;
  }

  private Set<Digest> ask(List<Digest> batch) throws RemoteFailure, InterruptedException {
    FindMissingBlobsRequest.Builder request =
        FindMissingBlobsRequest.newBuilder().setInstanceName(line.options().instance());
    batch.forEach(digest -> request.addBlobDigests(Digests.write(digest)));
    var answer =
        line.call(ContentAddressableStorageGrpc.getFindMissingBlobsMethod(), request.build());
    Set<Digest> missing = new LinkedHashSet<>();
    for (Reapi.Digest digest : answer.getMissingBlobDigestsList()) {
      missing.add(Digests.read(line.options().target(), "FindMissingBlobs", digest));
    }
    return missing;
  }
}

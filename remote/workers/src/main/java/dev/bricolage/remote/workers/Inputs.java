package dev.bricolage.remote.workers;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.execute.MissingBlob;
import dev.bricolage.remote.client.Believed;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.store.Blobs;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Sees to it that a server has what an action needs; what it has is not asked for each time. */
final class Inputs {
  private final RemoteBlobs far;
  private final Blobs near;
  private final Believed there = new Believed();

  Inputs(RemoteBlobs far, Blobs near) {
    this.far = far;
    this.near = near;
  }

  /**
   * Sends what is not there.
   *
   * @throws MissingBlob when a file is neither there nor here
   */
  void send(Tree tree, RemoteAction.Encoded action)
      throws MissingBlob, RemoteFailure, InterruptedException {
    Map<Digest, byte[]> made = new HashMap<>();
    tree.encoded().forEach(folder -> made.put(Digest.of(folder), folder));
    made.put(action.digest(), action.action());
    made.put(Digest.of(action.command()), action.command());
    Set<Digest> wanted = new HashSet<>(made.keySet());
    tree.forEach((path, entry) -> {
      if (entry instanceof Entry.File file) {
        wanted.add(file.digest());
      }
    });
    wanted.remove(Digest.EMPTY);
    wanted.removeIf(there::has);
    try {
      far.upload(wanted, made, near);
    } catch (RemoteFailure e) {
      if (e.kind() == Kind.MISSING && !e.missing().isEmpty()) {
        throw new MissingBlob(e.missing().iterator().next());
      }
      throw e;
    }
    there.add(wanted);
  }

  /** The server has these no more. */
  void forget(Collection<Digest> lost) {
    there.forget(lost);
  }
}

package dev.bricolage.remote.client.blob;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Reapi;
import java.net.URI;
import java.util.Optional;

/** Digests as REAPI writes them. */
public final class Digests {
  private Digests() {}

  /** Writes one. */
  public static Reapi.Digest write(Digest digest) {
    return Reapi.Digest.newBuilder().setHash(digest.hex()).setSizeBytes(digest.size()).build();
  }

  /** Reads one; empty when it is no SHA-256 with a size that can be. */
  public static Optional<Digest> read(Reapi.Digest digest) {
    try {
      return Optional.of(Digest.parse(digest.getHash() + "/" + digest.getSizeBytes()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads one that must be one.
   *
   * @throws RemoteFailure BAD_ANSWER
   */
  public static Digest read(URI server, String call, Reapi.Digest digest) throws RemoteFailure {
    return read(digest)
        .orElseThrow(() ->
            new RemoteFailure(
                Kind.BAD_ANSWER,
                "%s: %s: it answers with what is no SHA-256 and a size: '%s', %d"
                    .formatted(server, call, digest.getHash(), digest.getSizeBytes())));
  }
}

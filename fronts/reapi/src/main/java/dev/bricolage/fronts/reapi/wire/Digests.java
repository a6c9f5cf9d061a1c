package dev.bricolage.fronts.reapi.wire;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import java.util.Collection;
import java.util.List;

/** Digests as REAPI writes them. SHA-256 is the only function spoken here. */
public final class Digests {
  private Digests() {}

  /**
   * Reads one.
   *
   * @throws Refusal when it is no SHA-256 in lower-case hex with a size that can be
   */
  public static Digest read(Reapi.Digest digest) {
    try {
      return Digest.parse(digest.getHash() + "/" + digest.getSizeBytes());
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid(
          "not a digest (64 lower-case hex digits and a size): '%s', %d bytes"
              .formatted(digest.getHash(), digest.getSizeBytes()));
    }
  }

  /** Reads several. */
  public static List<Digest> read(Collection<Reapi.Digest> digests) {
    return digests.stream().map(Digests::read).toList();
  }

  /** Writes one. */
  public static Reapi.Digest write(Digest digest) {
    return Reapi.Digest.newBuilder().setHash(digest.hex()).setSizeBytes(digest.size()).build();
  }

  /**
   * Checks the function that a request names; older clients name none.
   *
   * @throws Refusal for any other than SHA-256
   */
  public static void check(DigestFunction.Value function) {
    if (function != DigestFunction.Value.SHA256 && function != DigestFunction.Value.UNKNOWN) {
      throw Refusal.invalid("the digest function here is SHA256, not " + function);
    }
  }
}

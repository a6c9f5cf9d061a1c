package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.util.Optional;

/** Where values too long for a trace are kept: bytes by their digest. */
public interface Values {
  /** Keeps bytes; they are durable before any trace that is recorded after this returns. */
  Digest put(byte[] bytes);

  /** The bytes of this digest; empty when they are lost or damaged, which is a miss. */
  Optional<byte[]> read(Digest digest);
}

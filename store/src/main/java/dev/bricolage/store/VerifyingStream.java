package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Hashes what passes and, at the end, compares. */
final class VerifyingStream extends FilterInputStream {
  private final MessageDigest hash = Digest.sha256();
  private final Digest wanted;
  private final Runnable damaged;
  private long size;

  /** Calls {@code damaged} before it throws {@link DamagedBlob}. */
  VerifyingStream(InputStream in, Digest wanted, Runnable damaged) {
    super(in);
    this.wanted = wanted;
    this.damaged = damaged;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      hash.update(into, offset, read);
      size += read;
    }
    if (read < 0 || size > wanted.size()) {
      compare();
    }
    return read;
  }

  private void compare() throws IOException {
    if (size == wanted.size() && Digest.of(finished(), size).equals(wanted)) {
      return;
    }
    damaged.run();
    throw new DamagedBlob(wanted);
  }

  /** The hash so far, which may be asked for again when somebody reads past the end twice. */
  private byte[] finished() throws IOException {
    try {
      return ((MessageDigest) hash.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IOException("this JDK's SHA-256 cannot be copied", e);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[Math.clamp(count, 0, 8192)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}

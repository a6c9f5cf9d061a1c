package dev.bricolage.remote.client.blob.send;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Blobs;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** Where blobs to be sent come from. */
public interface Source {
  /** All of a blob's bytes, which are the digest's; empty when it is not there. */
  Optional<byte[]> read(Digest digest);

  /** Its bytes as a stream, which throws where it would end when they are not the digest's. */
  Optional<InputStream> open(Digest digest);

  /** This, and where it lacks a blob the other. */
  default Source or(Source other) {
    Source first = this;
    return new Source() {
      @Override
      public Optional<byte[]> read(Digest digest) {
        return first.read(digest).or(() -> other.read(digest));
      }

      @Override
      public Optional<InputStream> open(Digest digest) {
        return first.open(digest).or(() -> other.open(digest));
      }
    };
  }

  /** A store. */
  static Source of(Blobs blobs) {
    return new Source() {
      @Override
      public Optional<byte[]> read(Digest digest) {
        return blobs.read(digest);
      }

      @Override
      public Optional<InputStream> open(Digest digest) {
        return blobs.open(digest);
      }
    };
  }

  /** Blobs in memory. */
  static Source of(Map<Digest, byte[]> blobs) {
    return new Source() {
      @Override
      public Optional<byte[]> read(Digest digest) {
        return Optional.ofNullable(blobs.get(digest));
      }

      @Override
      public Optional<InputStream> open(Digest digest) {
        return read(digest).map(ByteArrayInputStream::new);
      }
    };
  }
}

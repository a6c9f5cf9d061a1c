package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Blobs that are others; for wrappers, which change a method or two. */
public abstract class ForwardingBlobs implements Blobs {
  private final Blobs real;

  /** Passes everything on to these. */
  protected ForwardingBlobs(Blobs real) {
    this.real = real;
  }

  @Override
  public boolean has(Digest digest) {
    return real.has(digest);
  }

  @Override
  public boolean isStored(Digest digest) {
    return real.isStored(digest);
  }

  @Override
  public Set<Digest> lacking(Collection<Digest> digests) {
    return real.lacking(digests);
  }

  @Override
  public void gather(Collection<Digest> digests) {
    real.gather(digests);
  }

  @Override
  public Optional<byte[]> read(Digest digest) {
    return real.read(digest);
  }

  @Override
  public Optional<InputStream> open(Digest digest) {
    return real.open(digest);
  }

  @Override
  public Optional<InputStream> open(Digest digest, long offset) throws IOException {
    return real.open(digest, offset);
  }

  @Override
  public Digest put(byte[] bytes) {
    return real.put(bytes);
  }

  @Override
  public Digest put(Path file) throws IOException {
    return real.put(file);
  }

  @Override
  public Digest put(InputStream bytes) throws IOException {
    return real.put(bytes);
  }

  @Override
  public Arrival arrive() {
    return real.arrive();
  }

  @Override
  public Digest take(Path file) throws IOException {
    return real.take(file);
  }

  @Override
  public boolean link(Digest digest, Path target, boolean executable) throws IOException {
    return real.link(digest, target, executable);
  }

  @Override
  public boolean copy(Digest digest, Path target, int mode) throws IOException {
    return real.copy(digest, target, mode);
  }
}

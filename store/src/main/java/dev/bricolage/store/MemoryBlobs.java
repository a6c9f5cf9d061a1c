package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.HostFile;
import dev.bricolage.store.host.HostFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs in memory: the twin that tests use. It can lose and damage them on request. */
public final class MemoryBlobs implements Blobs {
  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

  /** No blobs yet. */
  public MemoryBlobs() {}

  @Override
  public boolean has(Digest digest) {
    return blobs.containsKey(digest);
  }

  @Override
  public Optional<byte[]> read(Digest digest) {
    Optional<byte[]> bytes = Optional.ofNullable(blobs.get(digest));
    if (bytes.isPresent() && !Digest.of(bytes.get()).equals(digest)) {
      lose(digest);
      return Optional.empty();
    }
    return bytes.map(byte[]::clone);
  }

  @Override
  public Optional<InputStream> open(Digest digest) {
    return Optional.ofNullable(blobs.get(digest))
        .map(b -> new VerifyingStream(new ByteArrayInputStream(b), digest, () -> lose(digest)));
  }

  @Override
  public Digest put(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.putIfAbsent(digest, bytes.clone());
    return digest;
  }

  @Override
  public Digest put(Path file) throws IOException {
    return put(Files.readAllBytes(file));
  }

  @Override
  public Digest put(InputStream bytes) throws IOException {
    return put(bytes.readAllBytes());
  }

  @Override
  public boolean link(Digest digest, Path target, boolean executable) throws IOException {
    boolean there = copy(digest, target, executable ? 0755 : 0644);
    if (there) {
      HostFiles.setTimes(HostFiles.bytes(target), HostFiles.KEEP, DiskBlobs.BLOB_MTIME);
    }
    return there;
  }

  @Override
  public boolean copy(Digest digest, Path target, int mode) throws IOException {
    Optional<byte[]> bytes = read(digest);
    if (bytes.isEmpty()) {
      return false;
    }
    try (HostFile file = HostFile.create(HostFiles.bytes(target), 0600)) {
      file.write(bytes.get(), 0, bytes.get().length);
      file.setMode(mode);
    }
    return true;
  }

  /** Forgets a blob, as a disk might. */
  public void lose(Digest digest) {
    blobs.remove(digest);
  }

  /** Flips a bit of a blob, as a disk might. */
  public void damage(Digest digest) {
    blobs.computeIfPresent(
        digest,
        (d, bytes) -> {
          byte[] damaged = bytes.clone();
          damaged[damaged.length / 2] ^= 1;
          return damaged;
        });
  }

  /** How many there are. */
  public int count() {
    return blobs.size();
  }
}

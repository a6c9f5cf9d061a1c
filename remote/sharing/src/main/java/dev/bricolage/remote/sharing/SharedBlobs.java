package dev.bricolage.remote.sharing;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.Believed;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.ForwardingBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;

/**
 * The store's blobs, and behind them those of a remote cache, each fetched when it is first read
 * and kept from then on. {@link #has} tells of the store alone.
 */
final class SharedBlobs extends ForwardingBlobs {
  /** What fits into a batch with others. */
  private static final long SMALL = 64 << 10;

  private static final int STREAMS = 8;

  private final Blobs near;
  private final RemoteBlobs far;
  private final Trouble trouble;
  private final Believed there = new Believed();
  private final Semaphore streams = new Semaphore(STREAMS);

  SharedBlobs(Blobs near, RemoteBlobs far, Trouble trouble) {
    super(near);
    this.near = near;
    this.far = far;
    this.trouble = trouble;
  }

  @Override
  public Set<Digest> lacking(Collection<Digest> digests) {
    Set<Digest> lacking = near.lacking(digests);
    lacking.removeIf(there::has);
    if (lacking.isEmpty()) {
      return lacking;
    }
    return trouble.orElse(
        lacking,
        () -> {
          Set<Digest> missing = far.missing(lacking);
          there.add(lacking.stream().filter(digest -> !missing.contains(digest)).toList());
          return missing;
        });
  }

  /** Small ones together, large ones side by side. */
  @Override
  public void gather(Collection<Digest> digests) {
    List<Digest> small = new ArrayList<>();
    List<Digest> large = new ArrayList<>();
    for (Digest digest : Set.copyOf(digests)) {
      if (!near.has(digest)) {
        (digest.size() <= SMALL ? small : large).add(digest);
      }
    }
    if (!small.isEmpty()) {
      trouble.orElse(
          Map.<Digest, byte[]>of(),
          () -> {
            Map<Digest, byte[]> read = far.readAll(small);
            read.values().forEach(near::put);
            return read;
          });
    }
    Phaser all = new Phaser(1);
    for (Digest digest : large) {
      all.register();
      Thread.ofVirtual()
          .name("fetch")
          .start(() -> {
            try {
              fetch(digest);
            } finally {
              all.arriveAndDeregister();
            }
          });
    }
    all.arriveAndAwaitAdvance();
  }

  /** Whether it came. */
  private boolean fetch(Digest digest) {
    return trouble.orElse(
        false,
        () -> {
          streams.acquire();
          try {
            boolean came = far.fetch(digest, near);
            if (!came) {
              there.forget(List.of(digest));
            }
            return came;
          } finally {
            streams.release();
          }
        });
  }

  @Override
  public Optional<byte[]> read(Digest digest) {
    Optional<byte[]> bytes = near.read(digest);
    return bytes.isPresent() || !fetch(digest) ? bytes : near.read(digest);
  }

  @Override
  public Optional<InputStream> open(Digest digest) {
    Optional<InputStream> stream = near.open(digest);
    return stream.isPresent() || !fetch(digest) ? stream : near.open(digest);
  }

  @Override
  public boolean link(Digest digest, Path target, boolean executable) throws IOException {
    return near.link(digest, target, executable)
        || (fetch(digest) && near.link(digest, target, executable));
  }

  @Override
  public boolean copy(Digest digest, Path target, int mode) throws IOException {
    return near.copy(digest, target, mode) || (fetch(digest) && near.copy(digest, target, mode));
  }
}

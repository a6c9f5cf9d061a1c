package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.HostFile;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Digests of host files, by the file's identity: device, inode, size, mtime and ctime. The ctime is
 * the kernel's and moves with every change of the bytes, so a file is hashed once and then known.
 *
 * <p>The guard: a clock has grains. A file changed twice within one keeps its ctime, so a digest
 * taken in the same grain as the last change proves nothing about the next moment. A digest is kept
 * only when the file had been at rest for {@link #GRAIN} before hashing began, and was the same
 * after. (git calls such an entry "racily clean".) A file system that gives whole seconds only has
 * grains of seconds, so its files must rest for {@link #COARSE_GRAIN}; and it may be an image whose
 * next version carries the same times, so what is known of them is good for this boot and this
 * mount only, and where the kernel does not number mounts, for this process.
 *
 * <p>Not covered: a process that changes a page through a shared mapping which it had already
 * written to before the hashing; the kernel moves the ctime once for both.
 */
public final class FileDigests {
  /** Two ticks of a kernel with 100 a second, in nanoseconds. */
  static final long GRAIN = 20_000_000L;

  /** FAT counts in steps of two seconds; in nanoseconds. */
  static final long COARSE_GRAIN = 2_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_IN_MEMORY = 200_000;

  private final Tables tables;
  private final Clock clock;
  private final long boot;
  private final Map<Identity, Digest> front = new ConcurrentHashMap<>();

  /** What says that a file is still the same. */
  private record Identity(long device, long inode, long size, long mtime, long ctime, long mount) {
    static Identity of(Stat stat) {
      return new Identity(
          stat.device(),
          stat.inode(),
          stat.size(),
          stat.mtime(),
          stat.ctime(),
          isCoarse(stat) ? stat.mount() : 0);
    }

    /** Inodes and times are far from uniform in the bits a map looks at. */
    @Override
    public int hashCode() {
      long mixed = (inode * 0x9e3779b97f4a7c15L) ^ (ctime * 0xc2b2ae3d27d4eb4fL) ^ size ^ mtime;
      return (int) (mixed ^ (mixed >>> 32));
    }

    boolean outlastsProcess() {
      return mount != 0 || ctime % SECOND != 0;
    }

    /** The boot counts only where the mount does: its numbers start again. */
    byte[] key(long boot) {
      ByteBuffer key = ByteBuffer.allocate(7 * Long.BYTES);
      key.putLong(device).putLong(inode).putLong(size).putLong(mtime).putLong(ctime);
      if (mount != 0) {
        key.putLong(mount).putLong(boot);
      }
      return Arrays.copyOf(key.array(), key.position());
    }
  }

  /** How a file's bytes become a digest. */
  @FunctionalInterface
  public interface Hashing {
    /** Reads all of {@code file}. */
    Digest hash(Path file) throws IOException;
  }

  FileDigests(Tables tables, Clock clock) {
    this(tables, clock, Home.bootId());
  }

  FileDigests(Tables tables, Clock clock, String boot) {
    this.tables = tables;
    this.clock = clock;
    this.boot = Digest.of(boot).a();
  }

  private static boolean isCoarse(Stat stat) {
    return stat.ctime() % SECOND == 0;
  }

  /** The digest of the file that {@code stat} tells of, if it is known. */
  public Optional<Digest> known(Stat stat) {
    Identity identity = Identity.of(stat);
    Digest found = front.get(identity);
    if (found != null) {
      return Optional.of(found);
    }
    if (!identity.outlastsProcess()) {
      return Optional.empty();
    }
    Optional<Digest> stored =
        tables
            .get(Table.FILES, identity.key(boot))
            .filter(hash -> hash.length == Digest.HASH_BYTES)
            .map(hash -> Digest.of(hash, stat.size()));
    stored.ifPresent(digest -> remember(identity, digest));
    return stored;
  }

  /** The digest of {@code file}, which is what {@code stat} just told; read only when unknown. */
  public Digest digest(Path file, Stat stat) throws IOException {
    return digest(file, stat, FileDigests::hash);
  }

  /**
   * The same, but when the digest is unknown, found by {@code hashing}: {@code blobs::put} keeps
   * the bytes on the way. When it is known, {@code hashing} is not called.
   */
  public Digest digest(Path file, Stat stat, Hashing hashing) throws IOException {
    Optional<Digest> known = known(stat);
    return known.isPresent() ? known.get() : learn(file, hashing);
  }

  /** Hashes the file whatever is known, and keeps the digest if the guard lets it. */
  public Digest learn(Path file, Hashing hashing) throws IOException {
    Stat before = Stat.following(file);
    long start = now();
    Digest digest = hashing.hash(file);
    Stat after = Stat.following(file);
    if (before.sameContent(after) && after.size() == digest.size()) {
      keep(after, start, digest);
    }
    return digest;
  }

  void keep(Stat stat, long start, Digest digest) {
    long youngest = Math.max(stat.ctime(), stat.mtime());
    if (start - youngest <= (isCoarse(stat) ? COARSE_GRAIN : GRAIN)) {
      return;
    }
    Identity identity = Identity.of(stat);
    remember(identity, digest);
    if (identity.outlastsProcess()) {
      tables.note(Table.FILES, identity.key(boot), digest.hash());
    }
  }

  private void remember(Identity identity, Digest digest) {
    if (front.size() >= MOST_IN_MEMORY) {
      front.clear(); // rare, and cheaper than keeping an order on every hit
    }
    front.put(identity, digest);
  }

  private long now() {
    Instant now = clock.instant();
    return now.getEpochSecond() * SECOND + now.getNano();
  }

  private static Digest hash(Path file) throws IOException {
    try (HostFile open = HostFile.open(HostFiles.bytes(file))) {
      return DiskBlobs.hash(open);
    }
  }

  /** How many are known in memory. */
  int inMemory() {
    return front.size();
  }
}

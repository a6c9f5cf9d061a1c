package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Home.Pool;
import dev.bricolage.store.host.HostFile;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.HostFiles.Name;
import dev.bricolage.store.host.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The blob files of a store as files: for those who count, check, mend and remove them. */
final class BlobFiles {
  private static final AtomicLong NEXT = new AtomicLong();

  /** Of an earlier boot's blobs no more than this is read when a store is opened. */
  private static final long ADOPT_BYTES = 256 << 20;

  private static final int GLANCE_BYTES = 4096;

  private final Home home;

  BlobFiles(Home home) {
    this.home = home;
  }

  /**
   * One of them.
   *
   * @param digest what its name and size say it holds
   */
  @SuppressWarnings("ArrayRecordComponent") // a name's bytes, never compared
  record BlobFile(Pool pool, Digest digest, byte[] path, Stat stat) {}

  /** What is done with each. */
  interface Visitor {
    void visit(BlobFile file) throws IOException;
  }

  /** Shows every blob file, settled and fresh, in no order; one may vanish or move meanwhile. */
  void each(Visitor visitor) throws IOException {
    for (Pool pool : Pool.values()) {
      for (Name shard : HostFiles.list(home.bytes(pool.folder))) {
        eachOf(pool, HostFiles.text(shard.bytes()), visitor);
      }
    }
    eachFresh(home.boot(), visitor);
  }

  private void eachOf(Pool pool, String shard, Visitor visitor) throws IOException {
    String folder = pool.folder + "/" + shard;
    for (Name name : HostFiles.list(home.bytes(folder))) {
      String rest = HostFiles.text(name.bytes());
      visit(pool, shard + rest, home.bytes(folder + "/" + rest), visitor);
    }
  }

  private void eachFresh(String boot, Visitor visitor) throws IOException {
    for (Name name : HostFiles.list(home.bytes("fresh/" + boot))) {
      String text = HostFiles.text(name.bytes());
      Optional<Pool> pool = Home.poolOf(text);
      if (pool.isPresent()) {
        visit(pool.get(), Home.hashOf(text), home.bytes("fresh/" + boot + "/" + text), visitor);
      }
    }
  }

  private static void visit(Pool pool, String hex, byte[] path, Visitor visitor)
      throws IOException {
    Stat stat = Stat.of(path);
    if (Home.isHash(hex) && stat.isFile()) {
      Digest digest = Digest.of(HexFormat.of().parseHex(hex), stat.size());
      visitor.visit(new BlobFile(pool, digest, path, stat));
    }
  }

  /** A blob as it lies there, if it is there and whole; for those that fit in memory. */
  Optional<Glance> glance(Digest digest) throws IOException {
    byte[] settled = home.settled(Pool.PLAIN, digest);
    for (byte[] place : new byte[][] {settled, home.fresh(Pool.PLAIN, digest), settled}) {
      Optional<HostFile> opened = HostFile.glance(place);
      if (opened.isPresent()) {
        try (HostFile file = opened.get()) {
          return glance(file, digest);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Glance> glance(HostFile file, Digest digest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[GLANCE_BYTES];
    for (int read = file.read(chunk); read >= 0; read = file.read(chunk)) {
      bytes.write(chunk, 0, read);
    }
    if (!Digest.of(bytes.toByteArray()).equals(digest)) {
      return Optional.empty();
    }
    Instant lastUse = Instant.EPOCH.plusNanos(file.stat().atime());
    return Optional.of(new Glance(bytes.toByteArray(), lastUse));
  }

  /** Whether a file's bytes are still its digest's; its time of last use stays as it was. */
  boolean isWhole(BlobFile file) throws IOException {
    try (HostFile open = HostFile.open(file.path)) {
      boolean whole = DiskBlobs.hash(open).equals(file.digest);
      if (whole) {
        open.setMode(file.pool.mode);
        open.setTimes(file.stat.atime(), DiskBlobs.BLOB_MTIME);
      }
      return whole;
    } catch (NoSuchFileException e) {
      return true; // it moved or was removed: nothing to say against it
    }
  }

  /**
   * Removes a file unless it was used since it was looked at. It is first moved out of the way: a
   * user who came before finds its mark respected, one who comes after finds the blob missing.
   *
   * @return whether it is gone
   */
  boolean removeUnused(BlobFile file) throws IOException {
    byte[] aside = home.bytes("tmp/gc-" + home.unique() + "-" + NEXT.incrementAndGet());
    try {
      HostFiles.rename(file.path, aside);
    } catch (NoSuchFileException e) {
      return false;
    }
    if (Stat.of(aside).atime() != file.stat.atime()) {
      HostFiles.rename(aside, file.path);
      return false;
    }
    return HostFiles.unlink(aside);
  }

  /** Removes a file whatever its use. */
  void remove(BlobFile file) throws IOException {
    HostFiles.unlink(file.path);
  }

  /**
   * After a crash of the machine: takes over those of an earlier boot's fresh blobs that are whole
   * and removes the others. They are fresh again, of this boot.
   */
  void adoptOlderBoots() throws IOException {
    for (Name name : HostFiles.list(home.bytes("fresh"))) {
      String boot = HostFiles.text(name.bytes());
      if (!boot.equals(home.boot())) {
        adopt(boot);
      }
    }
  }

  private void adopt(String boot) throws IOException {
    long[] read = {0};
    eachFresh(
        boot,
        file -> {
          read[0] += file.stat.size();
          if (read[0] <= ADOPT_BYTES && isWhole(file)) {
            HostFiles.rename(file.path, home.fresh(file.pool, file.digest));
          } else {
            HostFiles.unlink(file.path);
          }
        });
    for (Name left : HostFiles.list(home.bytes("fresh/" + boot))) {
      HostFiles.unlink(home.bytes("fresh/" + boot + "/" + HostFiles.text(left.bytes())));
    }
    HostFiles.removeDirectory(home.bytes("fresh/" + boot));
  }
}

package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Home.Pool;
import dev.bricolage.store.host.DiskFull;
import dev.bricolage.store.host.HostFile;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A blob on its way in: a file under {@code tmp/}, hashed while it is written, that gets a blob's
 * name only when it is whole. Closing it without that removes it.
 */
final class Incoming implements AutoCloseable {
  private static final AtomicLong NEXT = new AtomicLong();

  private final MessageDigest hash = Digest.sha256();
  private final Home home;
  private final Pool pool;
  private final byte[] path;
  private final HostFile file;
  private long size;
  private boolean named;

  Incoming(Home home, Pool pool) throws IOException {
    this.home = home;
    this.pool = pool;
    this.path = home.bytes("tmp/" + home.unique() + "-" + NEXT.incrementAndGet());
    try {
      this.file = HostFile.create(path, pool.mode);
    } catch (DiskFull e) {
      throw new NoSpace(home.root(), e);
    }
  }

  void write(byte[] bytes, int length) throws IOException {
    write(bytes, 0, length);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    hash.update(bytes, offset, length);
    size += length;
    try {
      file.write(bytes, offset, length);
    } catch (DiskFull e) {
      throw new NoSpace(home.root(), e);
    }
  }

  /** How many bytes were written. */
  long size() {
    return size;
  }

  /** The digest of all that was written. Call once. */
  Digest digest() {
    return Digest.of(hash.digest(), size);
  }

  /** Makes it the blob {@code digest}, not yet known to be on the disk. */
  void publish(Digest digest) throws IOException {
    finish();
    rename(home.fresh(pool, digest));
  }

  /** Makes it replace a blob that is known to be on the disk, and is so too when this returns. */
  void replace(byte[] settled) throws IOException {
    finish();
    file.sync();
    rename(settled);
  }

  private void finish() throws IOException {
    file.setMode(pool.mode);
    file.setTimes(HostFiles.NOW, DiskBlobs.BLOB_MTIME);
  }

  private void rename(byte[] to) throws IOException {
    try {
      HostFiles.rename(path, to);
    } catch (DiskFull e) {
      throw new NoSpace(home.root(), e);
    }
    named = true;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (!named) {
        HostFiles.unlink(path);
      }
    }
  }
}

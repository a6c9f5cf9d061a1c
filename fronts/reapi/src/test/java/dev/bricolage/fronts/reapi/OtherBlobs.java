package dev.bricolage.fronts.reapi;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Blobs in memory whose disk does something else first. */
abstract class OtherBlobs implements Blobs {
  private final MemoryBlobs real = new MemoryBlobs();

  /** Called before bytes are written: may wait, may fail. */
  abstract void beforeWrite();

  /** How many blobs there are. */
  int count() {
    return real.count();
  }

  @Override
  public Arrival arrive() {
    Arrival arrival = real.arrive();
    return new Arrival() {
      @Override
      public void write(byte[] bytes, int offset, int length) {
        beforeWrite();
        arrival.write(bytes, offset, length);
      }

      @Override
      public long size() {
        return arrival.size();
      }

      @Override
      public boolean finish(Digest wanted) {
        return arrival.finish(wanted);
      }

      @Override
      public void close() {
        arrival.close();
      }
    };
  }

  @Override
  public boolean has(Digest digest) {
    return real.has(digest);
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
  public Digest put(byte[] bytes) {
    beforeWrite();
    return real.put(bytes);
  }

  @Override
  public Digest put(Path file) throws IOException {
    beforeWrite();
    return real.put(file);
  }

  @Override
  public Digest put(InputStream bytes) throws IOException {
    beforeWrite();
    return real.put(bytes);
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

package dev.bricolage.fronts.reapi;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.ForwardingBlobs;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Blobs in memory whose disk does something else first. */
abstract class OtherBlobs extends ForwardingBlobs {
  private final MemoryBlobs real;

  OtherBlobs() {
    this(new MemoryBlobs());
  }

  private OtherBlobs(MemoryBlobs real) {
    super(real);
    this.real = real;
  }

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
  public Digest put(byte[] bytes) {
    beforeWrite();
    return super.put(bytes);
  }

  @Override
  public Digest put(Path file) throws IOException {
    beforeWrite();
    return super.put(file);
  }

  @Override
  public Digest put(InputStream bytes) throws IOException {
    beforeWrite();
    return super.put(bytes);
  }

  @Override
  public Digest take(Path file) throws IOException {
    beforeWrite();
    return super.take(file);
  }
}

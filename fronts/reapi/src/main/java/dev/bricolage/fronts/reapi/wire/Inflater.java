package dev.bricolage.fronts.reapi.wire;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * Unpacks zstd that comes in pieces; several frames in a row are one stream. Memory is bounded by
 * the window a frame may ask for, whatever its header says. Not for several threads at once.
 */
public final class Inflater implements AutoCloseable {
  /** Two to this: 128 MiB, zstd's own limit where nobody says otherwise. */
  private static final int WINDOW_LOG = 27;

  private static final int CHUNK_BYTES = 128 * 1024;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer in = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final byte[] unpacked = new byte[CHUNK_BYTES];
  private boolean frameEnded = true;

  /** Takes unpacked bytes; the array is used again for the next ones. */
  @FunctionalInterface
  public interface Sink {
    /** The next {@code length} bytes. */
    void accept(byte[] bytes, int length);
  }

  /** Nothing unpacked yet. */
  public Inflater() {
    context.setLongMax(WINDOW_LOG);
  }

  /**
   * Unpacks the next bytes.
   *
   * @throws Refusal when they are not zstd
   */
  public void feed(ByteBuffer packed, Sink sink) {
    while (packed.hasRemaining()) {
      int count = Math.min(packed.remaining(), CHUNK_BYTES);
      in.clear().put(packed.slice(packed.position(), count)).flip();
      packed.position(packed.position() + count);
      drain(sink);
    }
  }

  private void drain(Sink sink) {
    boolean full = false;
    while (in.hasRemaining() || full) {
      out.clear();
      frameEnded = step();
      full = !out.hasRemaining() && !frameEnded;
      int length = out.flip().remaining();
      out.get(unpacked, 0, length);
      sink.accept(unpacked, length);
    }
  }

  private boolean step() {
    try {
      return context.decompressDirectByteBufferStream(out, in);
    } catch (ZstdException e) {
      throw Refusal.invalid("the compressed bytes are not zstd: " + e.getMessage());
    }
  }

  /** Whether nothing is left open: a stream may end here. */
  public boolean isWhole() {
    return frameEnded;
  }

  @Override
  public void close() {
    context.close();
  }
}

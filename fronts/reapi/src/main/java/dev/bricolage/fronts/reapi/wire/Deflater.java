package dev.bricolage.fronts.reapi.wire;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Packs a stream's bytes as one zstd frame, piece by piece. Not for several threads at once. */
public final class Deflater implements Closeable {
  /** Zstd's fast end: the disk and the hash keep up with it. */
  private static final int LEVEL = 1;

  private static final int CHUNK_BYTES = 128 * 1024;

  private final InputStream from;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final byte[] read = new byte[CHUNK_BYTES];
  private final ByteBuffer in = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ByteBuffer out;
  private boolean atEnd;
  private boolean done;

  /** Packs {@code from}, which {@link #close} closes, into pieces of at most this size. */
  public Deflater(InputStream from, int pieceBytes) {
    this.from = from;
    this.out = ByteBuffer.allocateDirect(pieceBytes);
    context.setLevel(LEVEL);
    in.limit(0);
  }

  /** The next piece; empty when there is no more. */
  public byte[] next() throws IOException {
    out.clear();
    while (out.hasRemaining() && !done) {
      if (!in.hasRemaining() && !atEnd) {
        fill();
      }
      done =
          context.compressDirectByteBufferStream(
                  out, in, atEnd ? EndDirective.END : EndDirective.CONTINUE)
              && atEnd;
    }
    byte[] piece = new byte[out.flip().remaining()];
    out.get(piece);
    return piece;
  }

  private void fill() throws IOException {
    int count = from.read(read);
    atEnd = count < 0;
    in.clear().put(read, 0, Math.max(0, count)).flip();
  }

  @Override
  public void close() throws IOException {
    context.close();
    from.close();
  }
}

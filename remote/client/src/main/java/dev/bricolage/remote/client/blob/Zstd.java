package dev.bricolage.remote.client.blob;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Zstd as this client uses it: fast, and with bounds on what a server may make us hold. */
public final class Zstd {
  /** Below this nothing is won. */
  public static final int WORTH_BYTES = 512;

  /** Its fast end: a hash and a disk keep up with it. */
  private static final int LEVEL = 1;

  /** Two to this, 128 MiB: the window beyond which zstd itself asks for leave. */
  private static final int WINDOW_LOG = 27;

  private Zstd() {}

  /** Packs bytes; as they are when that is not shorter. */
  public static Optional<byte[]> pack(byte[] bytes) {
    if (bytes.length < WORTH_BYTES) {
      return Optional.empty();
    }
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      byte[] packed = context.setLevel(LEVEL).compress(bytes);
      return packed.length < bytes.length ? Optional.of(packed) : Optional.empty();
    }
  }

  /** Unpacks to exactly so many bytes; empty when it is not that. */
  public static Optional<byte[]> unpack(byte[] packed, int size) {
    byte[] bytes = new byte[size];
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      int length = context.decompressByteArray(bytes, 0, size, packed, 0, packed.length);
      return length == size ? Optional.of(bytes) : Optional.empty();
    } catch (ZstdException e) {
      return Optional.empty();
    }
  }

  /** A stream's bytes, unpacked. */
  public static InputStream unpacking(InputStream packed) throws IOException {
    return new ZstdInputStreamNoFinalizer(packed).setLongMax(WINDOW_LOG);
  }

  /** Packs what is written. */
  public static OutputStream packing(OutputStream to) throws IOException {
    return new ZstdOutputStreamNoFinalizer(to, LEVEL);
  }
}

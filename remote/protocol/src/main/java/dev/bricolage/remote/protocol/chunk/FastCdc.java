package dev.bricolage.remote.protocol.chunk;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts bytes into chunks where their content says so, hence a change moves the cuts near it and no
 * others: "The design of fast content-defined chunking for data deduplication based storage
 * systems" (Xia et al., 2020), with the table and masks that REAPI's {@code FAST_CDC_2020} names
 * and normalization level 2. The same bytes are cut alike by every implementation.
 *
 * @param average of a chunk's bytes: a power of two from 1 KiB to 1 MiB; the least is a quarter of
 *     it, the most four times
 * @param seed changes the table; 0 is usual
 */
public record FastCdc(int average, int seed) {
  private static final int LEAST_AVERAGE = 1 << 10;
  private static final int MOST_AVERAGE = 1 << 20;
  private static final int NORMALIZATION = 2;

  /** By the number of bits that must be zero, from 8 on; spread as the paper advises. */
  private static final long[] MASKS = {
    0x0000001800035300L,
    0x0000019000353000L,
    0x0000590003530000L,
    0x0000d90003530000L,
    0x0000d90103530000L,
    0x0000d90303530000L,
    0x0000d90313530000L,
    0x0000d90f03530000L,
    0x0000d90303537000L,
    0x0000d90703537000L,
    0x0000d90707537000L,
    0x0000d91707537000L,
    0x0000d91747537000L,
    0x0000d91767537000L,
    0x0000d93767537000L
  };

  private static final int FIRST_MASK_BITS = 8;

  private static final long[] GEAR = gear();

  /** What the specification proposes: 512 KiB on average. */
  public static final FastCdc USUAL = new FastCdc(512 << 10, 0);

  /** A piece of a blob. */
  public record Chunk(Digest digest, long offset) {}

  /** Is given the chunks of a stream, in order. */
  @FunctionalInterface
  public interface Sink {
    /** Takes one: {@code length} bytes of an array that is used again afterwards. */
    void take(byte[] bytes, int from, int length) throws IOException;
  }

  /** Refuses an average that the specification does not allow. */
  public FastCdc {
    if (!isAverage(average)) {
      throw new IllegalArgumentException(
          "the average chunk is a power of two from %d to %d bytes, not %d"
              .formatted(LEAST_AVERAGE, MOST_AVERAGE, average));
    }
  }

  /** Whether chunks may have this average. */
  public static boolean isAverage(long bytes) {
    return bytes >= LEAST_AVERAGE && bytes <= MOST_AVERAGE && Long.bitCount(bytes) == 1;
  }

  /** 256 numbers that look random: the first 8 bytes of the MD5 of 64 times each byte. */
  private static long[] gear() {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      long[] gear = new long[256];
      byte[] same = new byte[64];
      for (int i = 0; i < gear.length; i++) {
        Arrays.fill(same, (byte) i);
        gear[i] = ByteBuffer.wrap(md5.digest(same)).getLong();
      }
      return gear;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no MD5", e);
    }
  }

  /** A chunk's most bytes; a blob of no more is not cut. */
  public int most() {
    return 4 * average;
  }

  /** Cuts a stream, up to its end. At most eight times the average is held in memory. */
  public void cut(InputStream in, Sink sink) throws IOException {
    byte[] buffer = new byte[2 * most()];
    int from = 0;
    int end = 0;
    while (true) {
      if (end - from < most()) {
        System.arraycopy(buffer, from, buffer, 0, end - from);
        end -= from;
        from = 0;
        end += in.readNBytes(buffer, end, buffer.length - end);
      }
      if (from == end) {
        return;
      }
      int length = length(buffer, from, end - from);
      sink.take(buffer, from, length);
      from += length;
    }
  }

  /** The names and places of a stream's chunks. */
  public List<Chunk> chunks(InputStream in) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    cut(in, (bytes, from, length) -> chunks.add(after(chunks, bytes, from, length)));
    return chunks;
  }

  private static Chunk after(List<Chunk> chunks, byte[] bytes, int from, int length) {
    long offset =
        chunks.isEmpty() ? 0 : chunks.getLast().offset() + chunks.getLast().digest().size();
    return new Chunk(Digest.of(Arrays.copyOfRange(bytes, from, from + length)), offset);
  }

  /**
   * How long the next chunk is. The reference rolls two bytes a step, so an odd last byte is never
   * looked at; but for that this is the same.
   */
  private int length(byte[] bytes, int from, int length) {
    int least = average / 4;
    if (length <= least) {
      return length;
    }
    int most = Math.min(length, most());
    int bits = Integer.numberOfTrailingZeros(average);
    long strict = MASKS[bits + NORMALIZATION - FIRST_MASK_BITS];
    long loose = MASKS[bits - NORMALIZATION - FIRST_MASK_BITS];
    long with = Integer.toUnsignedLong(seed);
    int even = most & ~1;
    long hash = 0;
    for (int at = least; at < even; at++) {
      hash = (hash << 1) + (GEAR[bytes[from + at] & 0xff] ^ with);
      if ((hash & (at < average ? strict : loose)) == 0) {
        return at;
      }
    }
    return most;
  }
}

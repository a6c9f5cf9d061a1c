package dev.bricolage.fronts.reapi.cas;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Cuts bytes where their content says so, that what two versions of a file have in common is cut
 * alike: FastCDC as Xia et al. have it in 2020 ("The Design of Fast Content-Defined Chunking for
 * Data Deduplication Based Storage Systems"), with REAPI's parameters: normalization 2, seed 0, a
 * chunk at least a quarter and at most four times the average. Client and server find the same
 * chunks only if they cut the same; so the table and the masks are those of the implementations
 * that REAPI names.
 */
final class FastCdc {
  /** What we tell clients. */
  static final int AVERAGE_BYTES = 512 << 10;

  /** The longest chunk. */
  static final int MOST_BYTES = 4 * AVERAGE_BYTES;

  private static final int LEAST_BYTES = AVERAGE_BYTES / 4;

  /** Two bits more than the average has, spread: below the average a cut is four times as rare. */
  private static final long RARE = 0x0000d91767537000L;

  /** Two bits less: above it is four times as frequent. */
  private static final long FREQUENT = 0x0000d90703537000L;

  private static final long[] GEAR = gear();

  private FastCdc() {}

  /** Random enough, and the same everywhere: of each byte, 64 times, the MD5's first half. */
  private static long[] gear() {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      long[] gear = new long[256];
      byte[] bytes = new byte[64];
      for (int i = 0; i < gear.length; i++) {
        Arrays.fill(bytes, (byte) i);
        gear[i] = ByteBuffer.wrap(md5.digest(bytes)).getLong();
      }
      return gear;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** What the table has for a byte. */
  static long gear(int value) {
    return GEAR[value];
  }

  /**
   * How long the first chunk of these bytes is.
   *
   * @param length how many there are; fewer than {@link #MOST_BYTES} only at a blob's end
   */
  static int cut(byte[] bytes, int length) {
    if (length <= LEAST_BYTES) {
      return length;
    }
    int end = Math.min(length, MOST_BYTES);
    // The paper's loop takes two bytes at a time, and so never looks at an odd last one.
    int even = end & ~1;
    int center = Math.min(AVERAGE_BYTES, even);
    long hash = 0;
    int at = LEAST_BYTES;
    for (; at < center; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if ((hash & RARE) == 0) {
        return at;
      }
    }
    for (; at < even; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if ((hash & FREQUENT) == 0) {
        return at;
      }
    }
    return end;
  }
}

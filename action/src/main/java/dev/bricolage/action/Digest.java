package dev.bricolage.action;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of some bytes: their SHA-256 and their number, as in REAPI's {@code Digest}.
 *
 * <p>The hash is held as four big-endian longs: 40 bytes a digest instead of the 130 of a string,
 * and equality is five comparisons.
 *
 * @param size number of bytes named, never negative
 */
public record Digest(long a, long b, long c, long d, long size) implements Comparable<Digest> {
  /** Bytes in the hash. */
  public static final int HASH_BYTES = 32;

  /** The digest of no bytes at all. */
  public static final Digest EMPTY = of(new byte[0]);

  /** Refuses a negative size. */
  public Digest {
    if (size < 0) {
      throw new IllegalArgumentException("a digest's size cannot be negative: " + size);
    }
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return of(sha256().digest(bytes), bytes.length);
  }

  /** The digest of this text in UTF-8. */
  public static Digest of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A digest from a hash that was computed elsewhere.
   *
   * @param hash 32 bytes
   * @param size number of bytes hashed
   */
  public static Digest of(byte[] hash, long size) {
    if (hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + hash.length);
    }
    ByteBuffer longs = ByteBuffer.wrap(hash);
    return new Digest(longs.getLong(), longs.getLong(), longs.getLong(), longs.getLong(), size);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when the text is not {@code hex/size}
   */
  public static Digest parse(String text) {
    int slash = text.indexOf('/');
    if (slash != 2 * HASH_BYTES) {
      throw notADigest(text);
    }
    Digest digest;
    try {
      byte[] hash = HexFormat.of().parseHex(text, 0, slash);
      digest = of(hash, Long.parseLong(text.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw notADigest(text);
    }
    // One name for one digest: no upper case, no plus sign, no leading zeros, no other scripts.
    if (!digest.toString().equals(text)) {
      throw notADigest(text);
    }
    return digest;
  }

  private static IllegalArgumentException notADigest(String text) {
    return new IllegalArgumentException("not a digest (64 hex digits, slash, size): " + text);
  }

  /** A fresh SHA-256; every JDK has one. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** The 32 bytes of the hash. */
  public byte[] hash() {
    return ByteBuffer.allocate(HASH_BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** The hash as 64 lower-case hex digits. */
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
  }

  /** The first 12 hex digits, for people. */
  public String brief() {
    return hex().substring(0, 12);
  }

  /** SHA-256 is uniform, so any of its bits will do. */
  @Override
  public int hashCode() {
    return (int) a;
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    order = order != 0 ? order : Long.compareUnsigned(d, other.d);
    return order != 0 ? order : Long.compare(size, other.size);
  }

  /** {@code hex/size}, as REAPI resource names write it. */
  @Override
  public String toString() {
    return hex() + "/" + size;
  }
}

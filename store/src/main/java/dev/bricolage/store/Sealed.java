package dev.bricolage.store;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A value with four bytes behind it that tie it to its table and key, so that a page of the
 * database that lost its writes, or landed in another's place, gives a missing row and not a wrong
 * one.
 */
final class Sealed {
  private static final int CHECK_BYTES = 4;

  private Sealed() {}

  /** The value as it is stored. */
  static byte[] seal(Table table, byte[] key, byte[] value) {
    byte[] sealed = Arrays.copyOf(value, value.length + CHECK_BYTES);
    int check = check(table, key, value, value.length);
    for (int i = 0; i < CHECK_BYTES; i++) {
      sealed[value.length + i] = (byte) (check >>> (24 - 8 * i));
    }
    return sealed;
  }

  /** The value, or nothing when it is not the one that was stored under this key. */
  static Optional<byte[]> open(Table table, byte[] key, byte[] sealed) {
    int length = sealed.length - CHECK_BYTES;
    if (length < 0) {
      return Optional.empty();
    }
    int check = 0;
    for (int i = 0; i < CHECK_BYTES; i++) {
      check = (check << 8) | (sealed[length + i] & 0xff);
    }
    return check == check(table, key, sealed, length)
        ? Optional.of(Arrays.copyOf(sealed, length))
        : Optional.empty();
  }

  private static int check(Table table, byte[] key, byte[] value, int length) {
    CRC32C crc = new CRC32C();
    crc.update(table.number);
    crc.update(key.length >>> 8);
    crc.update(key.length);
    crc.update(key, 0, key.length);
    crc.update(value, 0, length);
    return (int) crc.getValue();
  }
}

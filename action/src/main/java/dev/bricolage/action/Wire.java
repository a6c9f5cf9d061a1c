package dev.bricolage.action;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The protobuf wire format in the few forms REAPI's nouns need, so that this module depends on
 * nothing. Fields are written in the order they are given, default values are left out: with
 * ascending field numbers that is the canonical encoding REAPI asks for.
 */
final class Wire {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final long LAST_FIELD = (1 << 29) - 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Wire number(int field, long value) {
    if (value != 0) {
      varint(((long) field << 3) | VARINT);
      varint(value);
    }
    return this;
  }

  Wire flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  Wire text(int field, String value) {
    return value.isEmpty() ? this : element(field, value);
  }

  /** A text in a repeated field: written even when it is empty. */
  Wire element(int field, String value) {
    if (!isText(value)) {
      throw new IllegalArgumentException("not a text that UTF-8 can hold: '" + value + "'");
    }
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Half a surrogate pair would be written as a question mark, and two texts become one. */
  static boolean isText(String value) {
    int point;
    for (int i = 0; i < value.length(); i += Character.charCount(point)) {
      point = value.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return false;
      }
    }
    return true;
  }

  /**
   * The order of texts' UTF-8 bytes, which is that of code points: unlike {@link String#compareTo}
   * it has every surrogate pair after every single char.
   */
  static int byBytes(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean surrogates = Character.isSurrogate(l) == Character.isSurrogate(r);
        return surrogates ? Character.compare(l, r) : Character.isSurrogate(l) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  Wire message(int field, Wire value) {
    return bytes(field, value.toBytes());
  }

  Wire digest(int field, Digest digest) {
    return message(field, new Wire().text(1, digest.hex()).number(2, digest.size()));
  }

  Wire bytes(int field, byte[] value) {
    varint(((long) field << 3) | BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** One field as it was read: either a number or bytes. */
  static final class Field {
    private final int number;
    private final int type;
    private final long value;
    private final byte[] bytes;

    private Field(int number, int type, long value, byte[] bytes) {
      this.number = number;
      this.type = type;
      this.value = value;
      this.bytes = bytes;
    }

    static Field ofNumber(int number, long value) {
      return new Field(number, VARINT, value, new byte[0]);
    }

    static Field ofBytes(int number, byte[] bytes) {
      return new Field(number, BYTES, 0, bytes);
    }

    int number() {
      return number;
    }

    long value() {
      check(VARINT, "a number");
      return value;
    }

    byte[] bytes() {
      check(BYTES, "bytes");
      return bytes;
    }

    private void check(int expected, String what) {
      if (type != expected) {
        throw new IllegalArgumentException(
            "not such a message: field " + number + " is not " + what);
      }
    }

    String text() {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException(
            "not such a message: field " + number + " is not UTF-8", e);
      }
    }

    boolean flag() {
      return value() != 0;
    }

    Digest digest() {
      String[] hex = {""};
      long[] size = {0};
      read(
          bytes(),
          field -> {
            switch (field.number()) {
              case 1 -> hex[0] = field.text();
              case 2 -> size[0] = field.value();
              default -> {}
            }
          });
      return Digest.parse(hex[0] + "/" + size[0]);
    }
  }

  /**
   * Hands each field of a message to {@code sink}.
   *
   * @throws IllegalArgumentException when the bytes are not a message of such fields
   */
  static void read(byte[] message, Consumer<Field> sink) {
    Cursor cursor = new Cursor(message);
    while (cursor.more()) {
      long tag = cursor.varint();
      long number = tag >>> 3;
      if (number < 1 || number > LAST_FIELD) {
        throw new IllegalArgumentException("not a protobuf message: field number of " + tag);
      }
      switch ((int) (tag & 7)) {
        case VARINT -> sink.accept(Field.ofNumber((int) number, cursor.varint()));
        case BYTES -> sink.accept(Field.ofBytes((int) number, cursor.bytes()));
        case 1 -> cursor.skip(8);
        case 5 -> cursor.skip(4);
        default ->
            throw new IllegalArgumentException("not a protobuf message: wire type of " + tag);
      }
    }
  }

  private static final class Cursor {
    private final byte[] from;
    private int at;

    Cursor(byte[] from) {
      this.from = from;
    }

    boolean more() {
      return at < from.length;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = take();
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("not a protobuf message: a number of over 64 bits");
    }

    byte[] bytes() {
      long length = varint();
      int start = at;
      skip(length);
      return java.util.Arrays.copyOfRange(from, start, at);
    }

    void skip(long length) {
      if (length < 0 || length > from.length - at) {
        throw new IllegalArgumentException("not a protobuf message: it ends too early");
      }
      at += (int) length;
    }

    private byte take() {
      if (at >= from.length) {
        throw new IllegalArgumentException("not a protobuf message: it ends too early");
      }
      return from[at++];
    }
  }
}

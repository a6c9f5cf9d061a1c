package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A byte string under construction, used again and again. */
public final class Bytes {
  private byte[] array = new byte[256];
  private int length;

  /** Forgets what was written. */
  public void clear() {
    length = 0;
  }

  /** Cuts off what was written after the first {@code newLength} bytes. */
  public void truncate(int newLength) {
    length = newLength;
  }

  /** Bytes written so far. */
  public int length() {
    return length;
  }

  /** Whether nothing was written. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** The backing array: the first {@link #length} bytes count, until the next write. */
  public byte[] array() {
    return array;
  }

  /** Writes one byte. */
  public void add(int value) {
    reserve(1);
    array[length++] = (byte) value;
  }

  /** Writes {@code source[from, to)}. */
  public void add(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, array, length, to - from);
    length += to - from;
  }

  /** Writes all of it. */
  public void add(byte[] source) {
    add(source, 0, source.length);
  }

  /** Writes the text as UTF-8. */
  public void add(String text) {
    add(text.getBytes(UTF_8));
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }

  /** What was written, read as UTF-8. */
  @Override
  public String toString() {
    return new String(array, 0, length, UTF_8);
  }

  private void reserve(int more) {
    if (length + more > array.length) {
      array = Arrays.copyOf(array, Math.max(length + more, array.length * 2));
    }
  }
}

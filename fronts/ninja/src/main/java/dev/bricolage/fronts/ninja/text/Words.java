package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Distinct byte strings, numbered from 0 in the order they came. All of them lie in one array, so
 * that a hundred thousand paths cost their own bytes and some eight more each, and no objects.
 */
public final class Words {
  /** The number of a word that is not here. */
  public static final int NONE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private byte[] arena = new byte[1024];
  private int[] ends = new int[64];
  private int count;

  /** Open addressing: the number of a word plus one, or 0. At most half full. */
  private int[] table = new int[128];

  /** How many words there are. */
  public int size() {
    return count;
  }

  /** The number of {@code source[from, to)}, a new one if it was not here. */
  public int intern(byte[] source, int from, int to) {
    int slot = slot(source, from, to);
    if (table[slot] != 0) {
      return table[slot] - 1;
    }
    append(source, from, to);
    table[slot] = count;
    if (count * 2 > table.length) {
      grow();
    }
    return count - 1;
  }

  /** The number of this text in UTF-8, a new one if it was not here. */
  public int intern(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return intern(bytes, 0, bytes.length);
  }

  /** The number of {@code source[from, to)}, or {@link #NONE}. */
  public int find(byte[] source, int from, int to) {
    return table[slot(source, from, to)] - 1;
  }

  /** The number of this text in UTF-8, or {@link #NONE}. */
  public int find(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return find(bytes, 0, bytes.length);
  }

  /** A word as text. */
  public String text(int word) {
    return new String(arena, start(word), length(word), UTF_8);
  }

  /** Bytes of a word. */
  public int length(int word) {
    return ends[word] - start(word);
  }

  /** Writes a word to {@code out}. */
  public void copy(int word, Bytes out) {
    out.add(arena, start(word), ends[word]);
  }

  /** Writes a word to {@code out} in quotes that a shell takes off, if it needs any. */
  public void copyQuoted(int word, Bytes out) {
    ShellWord.quote(arena, start(word), ends[word], out);
  }

  /** Gives back what was reserved for more words. */
  public void trim() {
    arena = Arrays.copyOf(arena, count == 0 ? 0 : ends[count - 1]);
    ends = Arrays.copyOf(ends, count);
  }

  private int start(int word) {
    return word == 0 ? 0 : ends[word - 1];
  }

  private int slot(byte[] source, int from, int to) {
    int mask = table.length - 1;
    int slot = hash(source, from, to) & mask;
    while (table[slot] != 0) {
      int word = table[slot] - 1;
      if (Arrays.equals(arena, start(word), ends[word], source, from, to)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void append(byte[] source, int from, int to) {
    int start = count == 0 ? 0 : ends[count - 1];
    int end = Math.addExact(start, to - from);
    if (end > arena.length) {
      arena = Arrays.copyOf(arena, Math.max(end, arena.length + (arena.length >> 1)));
    }
    System.arraycopy(source, from, arena, start, to - from);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, Math.max(64, count + (count >> 1)));
    }
    ends[count++] = end;
  }

  private void grow() {
    table = new int[table.length * 2];
    int mask = table.length - 1;
    for (int word = 0; word < count; word++) {
      int slot = hash(arena, start(word), ends[word]) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = word + 1;
    }
  }

  /** Eight bytes a step: paths share long beginnings, and every byte of them must count. */
  private static int hash(byte[] source, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash ^ (long) LONGS.get(source, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = (rest << 8) | (source[at] & 0xff);
    }
    hash = mix(hash ^ rest);
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long value) {
    long product = value * MIX;
    return product ^ (product >>> 29);
  }
}

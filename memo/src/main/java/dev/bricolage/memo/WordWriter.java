package dev.bricolage.memo;

import java.util.HexFormat;

/**
 * Writes the text of {@link Shape}s: words with one blank between them, and brackets around those
 * that belong together. A word is quoted where it would not be read back as it is: {@code src/a.c},
 * {@code "two words"}, {@code ""}.
 */
final class WordWriter {
  /**
   * How deep values may be nested: one that could be written and not read, because it is too deep
   * for a thread's stack, would be computed anew for ever.
   */
  static final int DEPTH = 1_000;

  /** What a word cannot have in it unless it is quoted. */
  private static final boolean[] MARKS = new boolean[128];

  static {
    " \"\\()[]{}".chars().forEach(mark -> MARKS[mark] = true);
  }

  private final StringBuilder text = new StringBuilder();
  private boolean first = true;
  private int depth;

  /** One word, whatever is in it. */
  void word(String word) {
    separate();
    if (isBare(word)) {
      text.append(word);
    } else {
      quote(word);
    }
  }

  /** What follows belongs together, up to the closing bracket. */
  void open(char bracket) {
    separate();
    enter(bracket);
  }

  /** What follows belongs together and to this name. */
  void open(String name) {
    separate();
    text.append(name);
    enter('(');
  }

  private void enter(char bracket) {
    if (++depth > DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + DEPTH);
    }
    text.append(bracket);
    first = true;
  }

  void close(char bracket) {
    depth--;
    text.append(bracket);
    first = false;
  }

  private void separate() {
    if (!first) {
      text.append(' ');
    }
    first = false;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void quote(String word) {
    text.append('"');
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"', '\\' -> text.append('\\').append((char) c);
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> {
          if (isPrintable(c)) {
            text.appendCodePoint(c);
          } else {
            text.append("\\u").append(HexFormat.of().toHexDigits((char) c));
          }
        }
      }
    }
    text.append('"');
  }

  private static boolean isBare(String word) {
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      if (isMark(c) || !isPrintable(c)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return !word.isEmpty();
  }

  static boolean isMark(int c) {
    return c < MARKS.length && MARKS[c];
  }

  /**
   * Whether a reader of the text sees this character for what it is: it is no control, no half of a
   * surrogate pair, no blank but the usual one, nothing invisible, nothing that turns the direction
   * of writing. The list is our own, for Unicode's grows and an encoding must not.
   */
  static boolean isPrintable(int c) {
    if (c < 0x7f) {
      return c >= ' ';
    }
    boolean blank = c <= 0xa0 || c == 0x1680 || c == 0x3000 || (c >= 0x2000 && c <= 0x200f);
    boolean mark = (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f) || c == 0xfeff;
    boolean half = c >= 0xd800 && c <= 0xdfff;
    return !blank && !mark && !half;
  }
}

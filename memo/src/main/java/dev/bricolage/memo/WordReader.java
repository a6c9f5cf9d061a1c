package dev.bricolage.memo;

/**
 * Reads what {@link WordWriter} writes. It may take other texts too, such as a word quoted without
 * need: whoever reads writes again what was read and compares. Every method throws {@link
 * IllegalArgumentException} when the text goes on otherwise; nothing here costs more than the text
 * is long.
 */
final class WordReader {
  private final String text;
  private int at;
  private boolean first = true;
  private int depth;

  WordReader(String text) {
    this.text = text;
  }

  /** One word. */
  String word() {
    separate();
    return at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
  }

  void open(char bracket) {
    separate();
    enter(bracket);
  }

  /** The name before a round bracket, which is opened. */
  String open() {
    separate();
    String name = bare();
    enter('(');
    return name;
  }

  private void enter(char bracket) {
    expect(bracket);
    if (++depth > WordWriter.DEPTH) {
      throw wrong("nested deeper than " + WordWriter.DEPTH);
    }
    first = true;
  }

  /** Whether this bracket is next. */
  boolean closes(char bracket) {
    return at < text.length() && text.charAt(at) == bracket;
  }

  void close(char bracket) {
    expect(bracket);
    depth--;
    first = false;
  }

  void end() {
    if (at < text.length()) {
      throw wrong("more than was asked for");
    }
  }

  private void separate() {
    if (!first) {
      expect(' ');
    }
    first = false;
  }

  private void expect(char c) {
    if (!closes(c)) {
      throw wrong("no '" + c + "'");
    }
    at++;
  }

  private String bare() {
    int from = at;
    while (at < text.length() && !WordWriter.isMark(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw wrong("no word");
    }
    return text.substring(from, at);
  }

  private String quoted() {
    expect('"');
    StringBuilder word = new StringBuilder();
    while (!closes('"')) {
      char c = next();
      word.append(c == '\\' ? escaped() : c);
    }
    expect('"');
    return word.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'u' -> (char) (digit() << 12 | digit() << 8 | digit() << 4 | digit());
      default -> throw wrong("an unknown escape");
    };
  }

  private int digit() {
    int digit = Character.digit(next(), 16);
    if (digit < 0) {
      throw wrong("no hexadecimal digit");
    }
    return digit;
  }

  private char next() {
    if (at == text.length()) {
      throw wrong("the end");
    }
    return text.charAt(at++);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + " at character " + at);
  }
}

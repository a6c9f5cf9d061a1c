package dev.bricolage.toy.syntax;

/**
 * A word of a program. Where it stands is no part of it, so that a comment or a blank, which moves
 * everything after it, changes no token.
 */
public record Token(Kind kind, String text) {
  /** What a token can be. */
  public enum Kind {
    NUMBER,
    NAME,
    KEYWORD,
    SYMBOL,
    /** A character that begins no token. */
    BAD,
    /** After the last one. */
    END
  }

  static final Token LAST = new Token(Kind.END, "the end");

  /** Whether this is that keyword or symbol. */
  boolean is(String word) {
    return text.equals(word) && (kind == Kind.KEYWORD || kind == Kind.SYMBOL);
  }

  boolean isName() {
    return kind == Kind.NAME;
  }

  @Override
  public String toString() {
    return text;
  }
}

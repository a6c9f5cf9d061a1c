package dev.bricolage.toy.syntax;

import java.util.List;

/** The tokens of a file or of a part of it. */
public record TokenList(List<Token> tokens) {
  /** Copies. */
  public TokenList {
    tokens = List.copyOf(tokens);
  }

  int size() {
    return tokens.size();
  }

  /** The token there; after the last one comes the end, again and again. */
  Token at(int index) {
    return index < tokens.size() ? tokens.get(index) : Token.LAST;
  }

  TokenList from(int start, int end) {
    return new TokenList(tokens.subList(start, end));
  }
}

package dev.bricolage.toy.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LexerTest {
  @Test
  void aTextIsCutIntoTokens() {
    assertEquals(
        "KEYWORD:fun NAME:f_1 SYMBOL:( SYMBOL:) SYMBOL:: KEYWORD:int SYMBOL:= NUMBER:12 SYMBOL:<= "
            + "NUMBER:3",
        kinds("fun f_1(): int = 12<=3"));
  }

  @Test
  void commentsBlanksAndLinesAreNoTokens() {
    assertEquals(
        Lexer.tokens("const a = 1 const b = 2"),
        Lexer.tokens("# first\n\tconst a =\r\n 1 # one\nconst b = 2 # two"));
    assertNotEquals(Lexer.tokens("const a = 1"), Lexer.tokens("const a = 11"));
  }

  @Test
  void everyTextHasTokens() {
    assertEquals(List.of(), Lexer.tokens("").tokens());
    assertEquals("BAD:$ BAD:é BAD:😀 BAD:! NUMBER:1 NAME:x", kinds("$ é 😀 ! 1x"));
  }

  @Test
  void theLineOfATokenIsFoundAgain() {
    String text = "a # b\n\n c d\ne";
    assertEquals(
        List.of(1, 3, 3, 4), List.of(line(text, 0), line(text, 1), line(text, 2), line(text, 3)));
    assertEquals(4, line(text, 4), "after the last token");
  }

  private static int line(String text, int token) {
    return Lexer.line(text, token);
  }

  private static String kinds(String text) {
    return Lexer.tokens(text).tokens().stream()
        .map(token -> token.kind() + ":" + token)
        .collect(Collectors.joining(" "));
  }
}

package dev.bricolage.toy.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** From text to tokens; every text has some. */
public final class Lexer {
  private static final Pattern NEXT =
      Pattern.compile(
          """
          (?<blank> \\s+ | \\#[^\\n]* )
          | (?<number> [0-9]+ )
          | (?<word> [A-Za-z_][A-Za-z_0-9]* )
          | (?<symbol> [=!<>]= | [-+*/%<>=(),:] )
          | (?<bad> . )\
          """,
          Pattern.COMMENTS | Pattern.DOTALL);

  private static final Set<String> KEYWORDS =
      Set.of(
          "import", "const", "fun", "int", "bool", "if", "then", "else", "true", "false", "not",
          "and", "or");

  private Lexer() {}

  /** The tokens of a text. */
  public static TokenList tokens(String text) {
    return new TokenList(matches(text).map(Lexer::token).toList());
  }

  /**
   * The line, from 1, in which this token of the text stands. It is not remembered: only who prints
   * a problem wants to know.
   */
  public static int line(String text, int token) {
    List<Integer> starts = new ArrayList<>(matches(text).map(MatchResult::start).toList());
    int start = token < starts.size() ? starts.get(token) : text.length();
    return 1 + (int) text.substring(0, start).chars().filter(c -> c == '\n').count();
  }

  private static Stream<MatchResult> matches(String text) {
    return NEXT.matcher(text).results().filter(match -> match.group("blank") == null);
  }

  private static Token token(MatchResult match) {
    return new Token(kind(match), match.group());
  }

  private static Token.Kind kind(MatchResult match) {
    if (match.group("number") != null) {
      return Token.Kind.NUMBER;
    }
    if (match.group("symbol") != null) {
      return Token.Kind.SYMBOL;
    }
    if (match.group("word") == null) {
      return Token.Kind.BAD;
    }
    return KEYWORDS.contains(match.group()) ? Token.Kind.KEYWORD : Token.Kind.NAME;
  }
}

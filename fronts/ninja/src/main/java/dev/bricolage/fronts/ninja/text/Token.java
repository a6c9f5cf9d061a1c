package dev.bricolage.fronts.ninja.text;

/** What a line of a ninja file is made of, outside of paths and values. */
public enum Token {
  ERROR("lexing error"),
  BUILD("'build'"),
  COLON("':'"),
  DEFAULT("'default'"),
  EQUALS("'='"),
  IDENT("identifier"),
  INCLUDE("'include'"),
  INDENT("indent"),
  NEWLINE("newline"),
  PIPE2("'||'"),
  PIPE("'|'"),
  PIPE_AT("'|@'"),
  POOL("'pool'"),
  RULE("'rule'"),
  SUBNINJA("'subninja'"),
  END("eof");

  private final String spelling;

  Token(String spelling) {
    this.spelling = spelling;
  }

  /** How messages name it. */
  public String spelling() {
    return spelling;
  }

  /** What messages add when it was expected and is missing. */
  String hint() {
    return this == COLON ? " ($ also escapes ':')" : "";
  }
}

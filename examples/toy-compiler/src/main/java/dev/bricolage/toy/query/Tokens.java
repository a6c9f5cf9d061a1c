package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.syntax.Lexer;
import dev.bricolage.toy.syntax.TokenList;

/** The tokens of a file. A comment is none, so nothing after this is redone for its sake. */
public record Tokens(String file) implements Stage<TokenList> {
  @Override
  public TokenList run(Fetch fetch) throws InterruptedException {
    return Lexer.tokens(fetch.fetch(new SourceText(file)));
  }

  @Override
  public Codec<TokenList> valueCodec() {
    return Codec.ofRecord(TokenList.class);
  }
}

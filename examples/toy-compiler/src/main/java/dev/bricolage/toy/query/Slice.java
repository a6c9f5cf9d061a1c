package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.syntax.Outline;
import dev.bricolage.toy.syntax.TokenList;

/**
 * The tokens of one item: a firewall between it and the other items of its file. It is cut out
 * again whenever anything in the file changes, which is cheap, and most often it is the same.
 */
public record Slice(String file, String name) implements Stage<TokenList> {
  @Override
  public TokenList run(Fetch fetch) throws InterruptedException {
    Outline outline = fetch.fetch(new Items(file));
    return outline
        .item(name)
        .map(Outline.Item::tokens)
        .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + file));
  }

  @Override
  public Codec<TokenList> valueCodec() {
    return Codec.ofRecord(TokenList.class);
  }
}

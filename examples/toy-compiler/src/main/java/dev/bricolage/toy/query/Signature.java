package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.syntax.Parser;
import dev.bricolage.toy.syntax.Symbol;

/**
 * What those who use an item know of it. They ask this and not its {@link Syntax}, so a changed
 * body is nothing to them, and functions that call each other do not wait for each other.
 */
public record Signature(String file, String name) implements Stage<Symbol> {
  @Override
  public Symbol run(Fetch fetch) throws InterruptedException {
    return Parser.symbol(fetch.fetch(new Slice(file, name)));
  }

  @Override
  public Codec<Symbol> valueCodec() {
    return Codec.ofRecord(Symbol.class);
  }
}

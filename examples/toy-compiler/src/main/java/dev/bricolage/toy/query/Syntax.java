package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.syntax.Definition;
import dev.bricolage.toy.syntax.Parser;

/** A function or a constant, parsed. */
public record Syntax(String file, String name) implements Stage<Definition> {
  @Override
  public Definition run(Fetch fetch) throws InterruptedException {
    return Parser.definition(fetch.fetch(new Slice(file, name)));
  }

  @Override
  public Codec<Definition> valueCodec() {
    return Codec.ofRecord(Definition.class);
  }
}

package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.syntax.Outline;
import java.util.List;

/** What a file consists of; imports of files that are not there are problems. */
public record Items(String file) implements Stage<Outline> {
  @Override
  public Outline run(Fetch fetch) throws InterruptedException {
    Outline outline = Outline.of(fetch.fetch(new Tokens(file)));
    List<SourceExists> imported =
        outline.imports().stream().map(Outline.Import::file).map(SourceExists::new).toList();
    return outline.importing(fetch.fetchAll(imported));
  }

  @Override
  public Codec<Outline> valueCodec() {
    return Codec.ofRecord(Outline.class);
  }
}

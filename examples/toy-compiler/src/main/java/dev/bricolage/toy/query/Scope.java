package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.check.Names;
import dev.bricolage.toy.syntax.Outline;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All names that a file sees: its own before those of its imports, earlier imports before later
 * ones. What an import sees is seen too; so files that import each other wait for each other, which
 * the memo finds out and tells.
 */
public record Scope(String file) implements Stage<Names> {
  @Override
  public Names run(Fetch fetch) throws InterruptedException {
    Outline outline = fetch.fetch(new Items(file));
    List<Scope> imports =
        outline.imports().stream().map(Outline.Import::file).map(Scope::new).toList();
    SortedMap<String, String> homes = new TreeMap<>();
    fetch.fetchAll(imports).reversed().forEach(names -> homes.putAll(names.homes()));
    outline.items().forEach(item -> homes.put(item.name(), file));
    return new Names(homes);
  }

  @Override
  public Codec<Names> valueCodec() {
    return Codec.ofRecord(Names.class);
  }
}

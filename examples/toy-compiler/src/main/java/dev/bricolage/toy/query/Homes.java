package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.toy.check.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Where these names are defined, seen from this file: the part of its {@link Scope} that somebody
 * uses, so that a new function is nothing to who does not name it.
 */
public record Homes(String file, SortedSet<String> names) implements Stage<Names> {
  @Override
  public Names run(Fetch fetch) throws InterruptedException {
    return fetch.fetch(new Scope(file)).of(names);
  }

  /** What a key of file and name gives for each of the names that are defined somewhere. */
  <V> SortedMap<String, V> each(Fetch fetch, BiFunction<String, String, Key<V>> key)
      throws InterruptedException {
    SortedMap<String, String> homes = fetch.fetch(this).homes();
    List<Key<V>> keys = new ArrayList<>();
    homes.forEach((name, home) -> keys.add(key.apply(home, name)));
    List<V> values = fetch.fetchAll(keys);
    SortedMap<String, V> each = new TreeMap<>();
    homes.keySet().forEach(name -> each.put(name, values.get(each.size())));
    return each;
  }

  @Override
  public Codec<Names> valueCodec() {
    return Codec.ofRecord(Names.class);
  }
}

package dev.bricolage.toy.check;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Which names mean something in a file.
 *
 * @param homes the file that defines each
 */
public record Names(SortedMap<String, String> homes) {
  /** Copies. */
  public Names {
    homes = Collections.unmodifiableSortedMap(new TreeMap<>(homes));
  }

  /** Of these names, those that mean something. */
  public Names of(SortedSet<String> some) {
    SortedMap<String, String> found = new TreeMap<>(homes);
    found.keySet().retainAll(some);
    return new Names(found);
  }
}

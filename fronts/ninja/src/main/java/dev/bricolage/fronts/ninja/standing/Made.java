package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an edge has made of the workspace it saw.
 *
 * @param changes files, links and folders that are there now
 * @param deleted what is not there any more
 */
record Made(SortedMap<TreePath, Entry> changes, List<TreePath> deleted) {
  /** Nothing, as a phony edge. */
  static final Made NOTHING = new Made(new TreeMap<>(), List.of());
}

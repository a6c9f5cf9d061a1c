package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an edge has made of the workspace it saw.
 *
 * @param changes files, links and folders that are there now
 * @param deleted what is not there any more
 */
public record Made(SortedMap<TreePath, Entry> changes, List<TreePath> deleted) {
  /** Nothing, as a phony edge. */
  public static final Made NOTHING = new Made(new TreeMap<>(), List.of());

  /** Equal for the same things made, and for no others. */
  Digest digest() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<TreePath, Entry> change : changes.entrySet()) {
      text.append(change.getKey().value()).append('\0');
      switch (change.getValue()) {
        case Entry.File file ->
            text.append(file.executable() ? 'x' : 'f').append(file.digest()).append('\0');
        case Entry.Link link -> text.append('l').append(link.target()).append('\0');
        case Entry.Folder folder -> text.append('d').append('\0');
      }
    }
    for (TreePath path : deleted) {
      text.append(path.value()).append('\0').append('-').append('\0');
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}

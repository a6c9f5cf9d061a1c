package dev.bricolage.action;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole folder with all that is below it: path → entry, every folder named, the root left out.
 * Immutable.
 */
public final class Tree {
  /** A tree without entries. */
  public static final Tree EMPTY = new Tree(new TreeMap<>());

  private final NavigableMap<TreePath, Entry> entries;
  private final Map<TreePath, List<String>> names;

  /**
   * A tree of these entries; folders that are only implied by a path below them are added.
   *
   * @throws IllegalArgumentException when something lies below a file or a link, or the root is
   *     given
   */
  public Tree(SortedMap<TreePath, Entry> given) {
    TreeMap<TreePath, Entry> all = new TreeMap<>();
    all.putAll(given);
    if (all.containsKey(TreePath.ROOT)) {
      throw new IllegalArgumentException("a tree does not name its own root");
    }
    for (TreePath path : given.keySet()) {
      for (TreePath above : path.ancestors()) {
        if (!(all.computeIfAbsent(above, p -> new Entry.Folder()) instanceof Entry.Folder)) {
          throw new IllegalArgumentException(
              path + " lies below " + above + ", which is no folder");
        }
      }
    }
    entries = all;
    names = namesOf(all);
  }

  private static Map<TreePath, List<String>> namesOf(SortedMap<TreePath, Entry> all) {
    Map<TreePath, List<String>> names = new HashMap<>();
    names.put(TreePath.ROOT, new ArrayList<>());
    for (Map.Entry<TreePath, Entry> entry : all.entrySet()) {
      TreePath path = entry.getKey();
      if (entry.getValue() instanceof Entry.Folder) {
        names.computeIfAbsent(path, p -> new ArrayList<>());
      }
      names.computeIfAbsent(path.parent(), p -> new ArrayList<>()).add(path.name());
    }
    return names;
  }

  /** Every entry by path, the root left out. */
  public SortedMap<TreePath, Entry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** What is at this path; the root is a folder. */
  public Optional<Entry> at(TreePath path) {
    return path.equals(TreePath.ROOT)
        ? Optional.of(new Entry.Folder())
        : Optional.ofNullable(entries.get(path));
  }

  /** The names in a folder, in no order; empty when there is no folder at this path. */
  public List<String> names(TreePath folder) {
    return Collections.unmodifiableList(names.getOrDefault(folder, List.of()));
  }

  /** The digest of the root's {@code Directory}: two trees are equal when it is. */
  public Digest digest() {
    return directories(new ArrayList<>(), TreePath.ROOT);
  }

  /** The encodings of every {@code Directory}, children before parents, the root last. */
  public List<byte[]> encoded() {
    List<byte[]> messages = new ArrayList<>();
    directories(messages, TreePath.ROOT);
    return messages;
  }

  private Digest directories(List<byte[]> sink, TreePath folder) {
    List<Directory.FileNode> files = new ArrayList<>();
    List<Directory.DirectoryNode> folders = new ArrayList<>();
    List<Directory.SymlinkNode> links = new ArrayList<>();
    for (String name : names(folder)) {
      TreePath path = folder.child(name);
      switch (at(path).orElseThrow()) {
        case Entry.File f -> files.add(new Directory.FileNode(name, f.digest(), f.executable()));
        case Entry.Link l -> links.add(new Directory.SymlinkNode(name, l.target()));
        case Entry.Folder f ->
            folders.add(new Directory.DirectoryNode(name, directories(sink, path)));
      }
    }
    byte[] message = new Directory(files, folders, links).encode();
    sink.add(message);
    return Digest.of(message);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tree tree && entries.equals(tree.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}

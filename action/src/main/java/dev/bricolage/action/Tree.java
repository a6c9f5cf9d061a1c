package dev.bricolage.action;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A whole folder with all that is below it: path → entry, every folder named, the root left out.
 * Immutable; a tree made {@link #with changes} shares all else with the one it was made from, so
 * that it costs what is changed, and so do its digest and the difference to the other.
 */
public final class Tree {
  /** A tree without entries. */
  public static final Tree EMPTY = new Tree(Node.EMPTY);

  private final Node root;

  private Tree(Node root) {
    this.root = root;
  }

  /**
   * A tree of these entries; folders that are only implied by a path below them are added.
   *
   * @throws IllegalArgumentException when something lies below a file or a link, or the root is
   *     given
   */
  public Tree(SortedMap<TreePath, Entry> given) {
    this(changed(Node.EMPTY, given, List.of()));
  }

  /**
   * This tree after something was done to it.
   *
   * @param changes what is there now, in the place of what was; a folder keeps what is in it
   * @param gone what is taken away before that, each with all that is below it
   * @throws IllegalArgumentException when something comes to lie below a file or a link, or the
   *     root is named
   */
  public Tree with(SortedMap<TreePath, Entry> changes, Collection<TreePath> gone) {
    return new Tree(changed(root, changes, gone));
  }

  private static Node changed(
      Node root, SortedMap<TreePath, Entry> changes, Collection<TreePath> gone) {
    Node.Draft draft = new Node.Draft(root);
    for (TreePath path : gone) {
      checkNoRoot(path);
      draft.remove(path);
    }
    changes.forEach((path, entry) -> {
      checkNoRoot(path);
      draft.put(path, entry);
    });
    return draft.node();
  }

  private static void checkNoRoot(TreePath path) {
    if (path.equals(TreePath.ROOT)) {
      throw new IllegalArgumentException("a tree does not name its own root");
    }
  }

  /** Every entry by path, the root left out; put together at each asking. */
  public SortedMap<TreePath, Entry> entries() {
    TreeMap<TreePath, Entry> entries = new TreeMap<>();
    forEach(entries::put);
    return Collections.unmodifiableSortedMap(entries);
  }

  /** Every entry, a folder before what is in it. */
  public void forEach(BiConsumer<TreePath, Entry> sink) {
    root.walk(TreePath.ROOT, sink);
  }

  /** How many entries there are. */
  public int size() {
    return root.size();
  }

  /** What is at this path; the root is a folder. */
  public Optional<Entry> at(TreePath path) {
    return path.equals(TreePath.ROOT) ? Optional.of(new Entry.Folder()) : root.at(path.value());
  }

  /** The names in a folder, in no order; empty when there is no folder at this path. */
  public List<String> names(TreePath folder) {
    return root.folder(folder).map(Node::names).orElse(List.of());
  }

  /** Every path below a folder, a folder before what is in it. */
  public List<TreePath> below(TreePath folder) {
    List<TreePath> below = new ArrayList<>();
    root.folder(folder).ifPresent(node -> node.walk(folder, (path, entry) -> below.add(path)));
    return below;
  }

  /**
   * What turns this tree into another; an entry that differs goes and comes, a folder before what
   * is in it. Costs what differs.
   */
  public void difference(Tree other, Consumer<TreePath> gone, Consumer<TreePath> come) {
    Node.difference(TreePath.ROOT, root, other.root, gone, come);
  }

  /**
   * How many entries {@link #difference} tells of, or any number above {@code most} if it is more
   * than that. Costs no more than the folders that both have and have otherwise.
   */
  public int distance(Tree other, int most) {
    return Node.distance(root, other.root, most);
  }

  /** The digest of the root's {@code Directory}: two trees are equal when it is. */
  public Digest digest() {
    return root.digest();
  }

  /** The encodings of every {@code Directory}, children before parents, the root last. */
  public List<byte[]> encoded() {
    List<byte[]> messages = new ArrayList<>();
    root.encode(messages);
    return messages;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tree tree && digest().equals(tree.digest());
  }

  @Override
  public int hashCode() {
    return digest().hashCode();
  }

  @Override
  public String toString() {
    return entries().toString();
  }
}

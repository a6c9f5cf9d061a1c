package dev.bricolage.execute;

import dev.bricolage.action.Entry;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;

/** Answers for a folder of the sandbox that shows a {@link Tree}. */
public final class TreeFacts implements PathFacts {
  private final Tree tree;
  private final String mount;

  /** Answers for {@code tree} as it appears at the absolute path {@code mount}. */
  public TreeFacts(Tree tree, String mount) {
    this.tree = tree;
    this.mount = mount;
  }

  @Override
  public PathFact.Answer answer(PathFact fact) {
    TreePath path = within(fact.path(), mount);
    return tree.at(path)
        .map(entry -> answer(entry, path, fact.kind()))
        .orElse(PathFact.Answer.ABSENT);
  }

  /** The place in the tree that appears at {@code absolute} when the tree is at {@code mount}. */
  public static TreePath within(String absolute, String mount) {
    return absolute.equals(mount)
        ? TreePath.ROOT
        : new TreePath(absolute.substring(mount.length() + 1));
  }

  private PathFact.Answer answer(Entry entry, TreePath path, PathFact.Kind kind) {
    return switch (entry) {
      case Entry.Link link -> PathFact.Answer.link(link.target());
      case Entry.Folder folder ->
          kind == PathFact.Kind.LIST ? listing(path) : PathFact.Answer.FOLDER;
      case Entry.File file ->
          kind == PathFact.Kind.CONTENT
              ? PathFact.Answer.content(file.digest(), file.executable())
              : PathFact.Answer.file(file.digest().size(), file.executable());
    };
  }

  private PathFact.Answer listing(TreePath folder) {
    Listing listing = new Listing();
    for (String name : tree.names(folder)) {
      switch (tree.at(folder.child(name)).orElseThrow()) {
        case Entry.File file -> listing.file(name);
        case Entry.Link link -> listing.link(name);
        case Entry.Folder below -> listing.folder(name);
      }
    }
    return listing.answer();
  }
}

package dev.bricolage.execute;

import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import java.util.ArrayList;
import java.util.List;

/**
 * What turns one tree into another; an entry that differs goes and comes.
 *
 * @param gone folders before what was in them
 * @param come folders before what is in them
 */
record TreeDifference(List<TreePath> gone, List<TreePath> come) {

  static TreeDifference between(Tree before, Tree after) {
    List<TreePath> gone = new ArrayList<>();
    List<TreePath> come = new ArrayList<>();
    before.difference(after, gone::add, come::add);
    return new TreeDifference(gone, come);
  }
}

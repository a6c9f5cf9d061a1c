package dev.bricolage.action;

import java.util.ArrayList;
import java.util.List;

/**
 * A place inside a tree: names joined by slashes, relative, the empty path being the tree's root.
 * It cannot hold {@code .}, {@code ..}, an empty name or NUL, so it can never lead out of the tree,
 * nor half a surrogate pair, which UTF-8 has no bytes for. Ordered by UTF-8 bytes, as REAPI sorts.
 */
public record TreePath(String value) implements Comparable<TreePath> {
  /** The tree itself. */
  public static final TreePath ROOT = new TreePath("");

  /**
   * Checks every name.
   *
   * @throws IllegalArgumentException naming the offending part
   */
  public TreePath {
    if (!value.isEmpty() && !isPlain(value)) {
      for (String name : value.split("/", -1)) {
        checkName(name, value);
      }
    }
  }

  /** Whether a look at each character shows that all is well; nearly every path's answer is yes. */
  private static boolean isPlain(String value) {
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      char at = i == value.length() ? '/' : value.charAt(i);
      if (at == '/') {
        boolean dots = value.charAt(start < value.length() ? start : 0) == '.' && i - start <= 2;
        if (i == start || dots) {
          return false;
        }
        start = i + 1;
      } else if (at == '\0' || Character.isSurrogate(at)) {
        return false;
      }
    }
    return true;
  }

  /** Refuses what is no single name, as an entry of a folder must have. */
  static void checkEntryName(String name) {
    if (name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "not the name of an entry, it has a slash: '" + name + "'");
    }
    checkName(name, name);
  }

  private static void checkName(String name, String value) {
    if (!Wire.isText(name)) {
      throw new IllegalArgumentException("not a path that UTF-8 can hold: '" + value + "'");
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "not a path inside a tree: '" + value + "' (a part of it is '" + name + "')");
    }
  }

  /** The path of the entry {@code name} in this folder. */
  public TreePath child(String name) {
    return new TreePath(value.isEmpty() ? name : value + "/" + name);
  }

  /** The folder this is in; the root's parent is the root. */
  public TreePath parent() {
    int slash = value.lastIndexOf('/');
    return slash < 0 ? ROOT : new TreePath(value.substring(0, slash));
  }

  /** The last name; empty for the root. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** The names from the root down. */
  public List<String> names() {
    return value.isEmpty() ? List.of() : List.of(value.split("/", -1));
  }

  /** Every folder above this one, from the root's child down, without this path itself. */
  public List<TreePath> ancestors() {
    List<TreePath> found = new ArrayList<>();
    for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
      found.add(new TreePath(value.substring(0, slash)));
    }
    return found;
  }

  /** Whether this is {@code other} or lies below it. */
  public boolean startsWith(TreePath other) {
    return other.value.isEmpty()
        || value.equals(other.value)
        || value.startsWith(other.value + "/");
  }

  @Override
  public int compareTo(TreePath other) {
    return Wire.byBytes(value, other.value);
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "." : value;
  }
}

package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TreeTest {
  private static final Entry FILE = new Entry.File(Digest.of("x"), false);

  private static TreePath path(String value) {
    return new TreePath(value);
  }

  private static Tree tree(Object... pathsAndEntries) {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    for (int i = 0; i < pathsAndEntries.length; i += 2) {
      entries.put(path((String) pathsAndEntries[i]), (Entry) pathsAndEntries[i + 1]);
    }
    return new Tree(entries);
  }

  @Test
  void theEmptyTreeIsTheEmptyBlob() {
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/0",
        Tree.EMPTY.digest().toString());
    assertEquals(1, Tree.EMPTY.encoded().size());
    assertArrayEquals(new byte[0], Tree.EMPTY.encoded().getFirst());
    assertEquals(Directory.EMPTY, Directory.decode(new byte[0]));
    assertEquals(List.of(), Tree.EMPTY.names(TreePath.ROOT));
    assertEquals(Optional.of(new Entry.Folder()), Tree.EMPTY.at(TreePath.ROOT));
  }

  @Test
  void foldersAboveAreImplied() {
    Tree tree = tree("a/b/c", FILE);
    assertEquals(Set.of(path("a"), path("a/b"), path("a/b/c")), tree.entries().keySet());
    assertEquals(Optional.of(new Entry.Folder()), tree.at(path("a/b")));
    assertEquals(tree("a", new Entry.Folder(), "a/b/c", FILE), tree);
    assertEquals(List.of("c"), tree.names(path("a/b")));
    assertEquals(List.of("b"), tree.names(path("a")));
    assertEquals(List.of("a"), tree.names(TreePath.ROOT));
    assertEquals(List.of(), tree.names(path("a/b/c")));
    assertEquals(List.of(), tree.names(path("nowhere")));
    assertEquals(Optional.empty(), tree.at(path("nowhere")));
  }

  @Test
  void nothingLiesBelowAFileOrALink() {
    IllegalArgumentException file =
        assertThrows(IllegalArgumentException.class, () -> tree("a", FILE, "a/b", FILE));
    assertEquals("a/b lies below a, which is no folder", file.getMessage());
    IllegalArgumentException link =
        assertThrows(
            IllegalArgumentException.class,
            () -> tree("l", new Entry.Link("elsewhere"), "l/b/c", FILE));
    assertEquals("l/b/c lies below l, which is no folder", link.getMessage());
  }

  @Test
  void theRootIsNoEntry() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> tree("", new Entry.Folder()));
    assertEquals("a tree does not name its own root", refused.getMessage());
  }

  @Test
  void everythingAboutAnEntryIsInTheDigest() {
    List<Digest> digests =
        List.of(
            Tree.EMPTY.digest(),
            tree("a", FILE).digest(),
            tree("b", FILE).digest(),
            tree("a", new Entry.File(Digest.of("x"), true)).digest(),
            tree("a", new Entry.File(Digest.of("y"), false)).digest(),
            tree("a", new Entry.Folder()).digest(),
            tree("a", new Entry.Link("x")).digest(),
            tree("a", new Entry.Link("")).digest(),
            tree("a/a", FILE).digest());
    assertEquals(digests.size(), Set.copyOf(digests).size());
    assertNotEquals(tree("a", FILE), tree("b", FILE));
  }

  @Test
  void namesAreSortedByUtf8Bytes() {
    String bmp = "\uff5e";
    String beyond = "\ud83d\ude00";
    byte[] root = tree(beyond, FILE, bmp, FILE, "z", FILE, "Z", FILE).encoded().getLast();
    List<String> names =
        Directory.decode(root).files().stream().map(Directory.FileNode::name).toList();
    assertEquals(List.of("Z", "z", bmp, beyond), names);
    for (long seed = 0; seed < 2_000; seed++) {
      Grove grove = new Grove(seed);
      String left = grove.name();
      String right = grove.name();
      int bytes = Arrays.compareUnsigned(utf8(left), utf8(right));
      assertEquals(Integer.signum(bytes), Integer.signum(Wire.byBytes(left, right)), left + right);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void theOrderOfTheMapGivenDoesNotMatter() {
    SortedMap<TreePath, Entry> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.put(path("a"), FILE);
    reversed.put(path("b/c"), FILE);
    Tree tree = new Tree(reversed);
    assertEquals(tree("a", FILE, "b/c", FILE).digest(), tree.digest());
    assertEquals(List.of(path("a"), path("b"), path("b/c")), List.copyOf(tree.entries().keySet()));
  }

  @Test
  void itCannotBeChangedFromOutside() {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    entries.put(path("a"), FILE);
    Tree tree = new Tree(entries);
    entries.put(path("b"), FILE);
    assertEquals(tree("a", FILE), tree);
    List<String> names = tree.names(TreePath.ROOT);
    assertThrows(UnsupportedOperationException.class, () -> names.add("b"));
    var unchangeable = tree.entries();
    assertThrows(UnsupportedOperationException.class, () -> unchangeable.remove(path("a")));
  }

  /** Reads the messages back from the root's digest down, which is how another machine will. */
  @Test
  void theMessagesAreTheTree() {
    for (long seed = 0; seed < 1_000; seed++) {
      Tree tree = new Grove(seed).tree();
      Map<Digest, byte[]> blobs = new HashMap<>();
      List<Digest> order = new ArrayList<>();
      for (byte[] message : tree.encoded()) {
        blobs.put(Digest.of(message), message);
        order.add(Digest.of(message));
      }
      assertEquals(tree.digest(), order.getLast(), "the root is last");
      SortedMap<TreePath, Entry> read = new TreeMap<>();
      read(blobs, tree.digest(), TreePath.ROOT, read);
      assertEquals(tree.entries(), read, "seed " + seed);
    }
  }

  private static void read(
      Map<Digest, byte[]> blobs, Digest digest, TreePath at, SortedMap<TreePath, Entry> sink) {
    Directory folder = Directory.decode(blobs.getOrDefault(digest, new byte[] {-1}));
    folder
        .files()
        .forEach(f -> sink.put(at.child(f.name()), new Entry.File(f.digest(), f.executable())));
    folder.symlinks().forEach(l -> sink.put(at.child(l.name()), new Entry.Link(l.target())));
    for (Directory.DirectoryNode below : folder.directories()) {
      sink.put(at.child(below.name()), new Entry.Folder());
      read(blobs, below.digest(), at.child(below.name()), sink);
    }
  }
}

package dev.bricolage.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagingsTest {
  private static final long SOURCE_TIME = 1_000;

  @TempDir Path scratch;
  private final MemoryBlobs blobs = new MemoryBlobs();
  private Stagings stagings;

  @BeforeEach
  void open() {
    stagings = new Stagings(blobs, scratch, "run-");
  }

  private Entry.File file(String text) {
    return new Entry.File(blobs.put(text.getBytes(StandardCharsets.UTF_8)), false);
  }

  private static Tree tree(Map<String, Entry> entries) {
    SortedMap<TreePath, Entry> sorted = new TreeMap<>();
    entries.forEach((path, entry) -> sorted.put(new TreePath(path), entry));
    return new Tree(sorted);
  }

  /** What is on the disk; everything there has the time of sources. */
  private Tree read(Path folder) throws IOException {
    SortedMap<TreePath, Entry> found = new TreeMap<>();
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) below::iterator) {
        assertEquals(
            SOURCE_TIME,
            Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis(),
            path::toString);
        if (!path.equals(folder)) {
          found.put(new TreePath(folder.relativize(path).toString()), entry(path));
        }
      }
    }
    return new Tree(found);
  }

  private static Entry entry(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return new Entry.Link(Files.readSymbolicLink(path).toString());
    }
    return Files.isDirectory(path)
        ? new Entry.Folder()
        : new Entry.File(Digest.of(Files.readAllBytes(path)), Files.isExecutable(path));
  }

  private Tree random(Random random, Tree before) {
    SortedMap<TreePath, Entry> entries = new TreeMap<>(before.entries());
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      TreePath path = new TreePath("abc".charAt(random.nextInt(3)) + "");
      while (random.nextInt(3) > 0) {
        path = path.child("a.b".charAt(random.nextInt(2)) + "x".repeat(random.nextInt(2)) + "-");
      }
      TreePath place = path;
      entries.keySet().removeIf(other -> other.startsWith(place) || place.startsWith(other));
      Digest text = blobs.put(new byte[random.nextInt(4)]);
      switch (random.nextInt(4)) {
        case 0 -> entries.put(path, new Entry.Folder());
        case 1 -> entries.put(path, new Entry.Link("to" + random.nextInt(2)));
        case 2 -> entries.put(path, new Entry.File(text, random.nextBoolean()));
        default -> {} // it is gone
      }
    }
    return new Tree(entries);
  }

  @Test
  void whatIsLaidOutIsTheTreeWhateverWasThereBefore() throws Exception {
    long seed = 20261123;
    Random random = new Random(seed);
    Tree tree = Tree.EMPTY;
    for (int turn = 0; turn < 2000; turn++) {
      tree = random(random, random.nextInt(50) == 0 ? Tree.EMPTY : tree);
      try (Stagings.Lease lease = stagings.lay(tree)) {
        assertEquals(tree, read(lease.folder()), "seed " + seed + ", turn " + turn);
      }
    }
  }

  @Test
  void aFolderIsChangedForTheNextTreeAndSharedByTheSame() throws Exception {
    Tree one = tree(Map.of("a", file("a"), "b", file("b"), "c", file("c"), "d", file("d")));
    Tree two = tree(Map.of("a", file("a"), "b", file("b"), "c", file("c"), "d", file("e")));
    Stagings.Lease first = stagings.lay(one);
    Stagings.Lease same = stagings.lay(one);
    assertEquals(first.folder(), same.folder());
    try (Stagings.Lease other = stagings.lay(two)) {
      assertNotEquals(first.folder(), other.folder());
    }
    first.close();
    assertEquals(one, read(same.folder()));
    same.close();
    try (Stagings.Lease left = stagings.lay(tree(Map.of("z", file("z"))))) {
      assertNotEquals(first.folder(), left.folder()); // nothing of it would be of use
    }
    Tree three = tree(Map.of("a", file("a"), "b", file("b"), "d", file("d")));
    try (Stagings.Lease left = stagings.lay(three)) {
      assertEquals(first.folder(), left.folder());
      assertEquals(three, read(left.folder()));
    }
  }

  @Test
  void nothingIsLeftOfWhatIsReleased() throws Exception {
    Tree tree = tree(Map.of("a", file("a")));
    stagings.lay(tree).close();
    try (Stagings.Lease used = stagings.lay(tree(Map.of("b", file("b"))))) {
      stagings.release();
      assertEquals(List.of(used.folder()), folders());
      try (Stagings.Lease anew = stagings.lay(tree(Map.of("b", file("b"))))) {
        assertNotEquals(used.folder(), anew.folder());
      }
    }
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(scratch)) {
      return all.toList();
    }
  }

  @Test
  void twoFilesOfTheSameBytesAreTwoFiles() throws Exception {
    try (Stagings.Lease lease = stagings.lay(tree(Map.of("a", file("x"), "b", file("x"))))) {
      assertNotEquals(inode(lease, "a"), inode(lease, "b"));
    }
  }

  private static Object inode(Stagings.Lease lease, String name) throws IOException {
    return Files.getAttribute(lease.folder().resolve(name), "unix:ino");
  }

  @Test
  void whatWasDamagedIsLaidOutAnew() throws Exception {
    Tree tree = tree(Map.of("a", file("a"), "b", file("bb"), "c", file("c")));
    Path folder;
    try (Stagings.Lease lease = stagings.lay(tree)) {
      folder = lease.folder();
    }
    Files.writeString(folder.resolve("b"), "b");
    try (Stagings.Lease lease = stagings.lay(tree)) {
      assertNotEquals(folder, lease.folder());
      assertEquals(tree, read(lease.folder()));
    }
  }

  @Test
  void aTreeThatCannotBeLaidOutLeavesNothingToGoOnFrom() throws Exception {
    Tree tree = tree(Map.of("a", file("a"), "b", file("b"), "c", file("c")));
    stagings.lay(tree).close();
    Tree next = tree(Map.of("a", file("a"), "b", file("b"), "c", file("lost")));
    blobs.lose(((Entry.File) next.at(new TreePath("c")).orElseThrow()).digest());
    assertThrows(MissingBlob.class, () -> stagings.lay(next));
    file("lost");
    try (Stagings.Lease lease = stagings.lay(next)) {
      assertEquals(next, read(lease.folder()));
    }
  }
}

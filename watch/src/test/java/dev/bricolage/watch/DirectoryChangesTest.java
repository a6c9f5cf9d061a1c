package dev.bricolage.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel and the library tell of real folders; each test settles, none sleeps. */
final class DirectoryChangesTest {
  /** Writes down what it is told. */
  private static final class Notes implements Changes.Listener {
    final Set<String> notes = ConcurrentHashMap.newKeySet();

    /** Holds the thread that tells until it is opened. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public void changed(Path path) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      notes.add("changed " + path);
    }

    @Override
    public void folderChanged(Path path) {
      notes.add("folder " + path);
    }

    @Override
    public void lost(String reason) {
      notes.add("lost: " + reason);
    }

    boolean lost() {
      return notes.stream().anyMatch(note -> note.startsWith("lost: "));
    }
  }

  @TempDir Path temporary;
  private Path root;
  private final Notes notes = new Notes();

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(temporary.resolve("root/src/deep"));
    root = temporary.resolve("root").toRealPath();
    Files.writeString(root.resolve("src/deep/old"), "old");
  }

  private Changes listen() throws IOException {
    return DirectoryChanges.open(root, notes);
  }

  @Test
  void whatWasDoneBeforeSettlingHasBeenTold() throws Exception {
    try (Changes changes = listen()) {
      for (int i = 0; i < 200; i++) {
        Files.writeString(root.resolve("src/deep/file-" + i), "text");
        changes.settle();
        assertTrue(notes.notes.contains("changed src/deep/file-" + i), "file " + i);
      }
      Files.writeString(root.resolve("src/deep/old"), "new");
      Files.delete(root.resolve("src/deep/file-0"));
      notes.notes.clear();
      changes.settle();
      assertFalse(notes.lost(), notes.notes::toString);
    }
  }

  @Test
  void nothingIsToldOfWhatStays() throws Exception {
    try (Changes changes = listen()) {
      assertEquals("old", Files.readString(root.resolve("src/deep/old")));
      changes.settle();
      assertEquals(Set.of(), notes.notes);
    }
  }

  @Test
  void foldersThatComeAndGoAreToldAsSuch() throws Exception {
    try (Changes changes = listen()) {
      Files.createDirectories(root.resolve("new/er"));
      changes.settle();
      assertTrue(notes.notes.contains("folder new"), notes.notes::toString);
      notes.notes.clear();
      Files.delete(root.resolve("new/er"));
      changes.settle();
      assertTrue(notes.notes.contains("folder new/er") || notes.lost(), notes.notes::toString);
      notes.notes.clear();
      Files.move(root.resolve("src"), root.resolve("moved"));
      changes.settle();
      assertTrue(
          notes.lost() || notes.notes.containsAll(List.of("folder src", "folder moved")),
          notes.notes::toString);
    }
  }

  @Test
  void whatIsDoneInANewFolderIsTold() throws Exception {
    try (Changes changes = listen()) {
      Files.createDirectories(root.resolve("new/er"));
      changes.settle();
      Files.writeString(root.resolve("new/er/file"), "text");
      notes.notes.clear();
      changes.settle();
      assertTrue(notes.notes.isEmpty() || !notes.lost());
      Files.writeString(root.resolve("new/er/file"), "more");
      changes.settle();
      assertTrue(notes.notes.contains("changed new/er/file"), notes.notes::toString);
    }
  }

  @Test
  void whatIsDoneInAMovedFolderIsToldUnderItsNewName() throws Exception {
    try (Changes changes = listen()) {
      Files.move(root.resolve("src"), root.resolve("moved"));
      changes.settle();
      notes.notes.clear();
      Files.writeString(root.resolve("moved/deep/old"), "new");
      changes.settle();
      assertTrue(notes.notes.contains("changed moved/deep/old"), notes.notes::toString);
    }
  }

  /** The JDK keeps 512 events a folder while nobody takes them. */
  @Test
  void anOverflowIsALoss() throws Exception {
    try (Changes changes = listen()) {
      // When the JDK's thread falls behind the test's, nothing overflows: then once more.
      for (int round = 0; round < 100 && !notes.lost(); round++) {
        notes.gate = new CountDownLatch(1);
        for (int i = 0; i < 2000; i++) {
          Files.createFile(root.resolve("src/file-" + round + "-" + i));
        }
        notes.gate.countDown();
        changes.settle();
      }
      assertEquals(
          List.of("lost: more changed at once than could be told"),
          notes.notes.stream().filter(note -> note.startsWith("lost: ")).toList());
    }
  }

  @Test
  void aRootThatVanishesIsALoss() throws Exception {
    try (Changes changes = listen()) {
      Files.move(root, temporary.resolve("elsewhere"));
      changes.settle();
      assertTrue(notes.notes.contains("lost: " + root + " is not the folder it was"));
      notes.notes.clear();
      Files.createDirectory(root);
      changes.settle();
      assertTrue(notes.notes.contains("lost: " + root + " is not the folder it was"));
    }
  }

  @Test
  void thereMustBeARoot() {
    Path none = root.resolve("none");
    IOException refused =
        assertThrows(IOException.class, () -> DirectoryChanges.open(none, notes).close());
    assertEquals(
        "cannot listen to changes of " + none + ": java.nio.file.NoSuchFileException: " + none,
        refused.getMessage());
  }

  @Test
  void theLimitOfWatchesIsExplained() throws Exception {
    String limit = Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_user_watches")).getFirst();
    assertEquals(
        "cannot listen to changes of /w: every folder needs an inotify watch, and this user has no"
            + " more than "
            + limit
            + "; the administrator can raise it: sysctl fs.inotify.max_user_watches=1048576",
        Limits.explanation(
            Path.of("/w"), new IOException("User limit of inotify watches reached")));
    String instances =
        Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_user_instances")).getFirst();
    assertEquals(
        "cannot listen to changes of /w: listening needs an inotify instance, and this user has no"
            + " more than "
            + instances
            + "; the administrator can raise it: sysctl fs.inotify.max_user_instances=1048576",
        Limits.explanation(
            Path.of("/w"),
            new IOException("User limit of inotify instances reached or too many open files")));
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    long before = cookieFolders();
    Changes changes = listen();
    assertEquals(before + 1, cookieFolders());
    changes.settle();
    changes.close();
    changes.close();
    assertEquals(before, cookieFolders());
    Files.writeString(root.resolve("late"), "text");
    assertEquals(Set.of(), notes.notes);
  }

  private static long cookieFolders() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("bric-watch-")).count();
    }
  }
}

package dev.bricolage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk of four megabytes. Mounting it takes root; in CI it must work. */
class FullDiskTest {
  private final List<String> warnings = new ArrayList<>();
  @TempDir Path folder;
  private Path disk = Path.of("unset");
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    assumeTrue(mounted || System.getenv("CI") != null, "mounting a tmpfs is not allowed here");
    assertTrue(mounted, "a tmpfs can be mounted");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertTrue(run("umount", "-l", disk.toString()));
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static List<Digest> fill(Blobs blobs) {
    List<Digest> kept = new ArrayList<>();
    assertThrows(
        NoSpace.class,
        () -> {
          for (int i = 0; i < 1_000; i++) {
            kept.add(blobs.put(bytes(i, 50_000)));
          }
        });
    return kept;
  }

  @Test
  void aPutThatFindsNoRoomLeavesNothingBehind() throws IOException {
    try (Store store = Store.open(disk.resolve("home"), warnings::add)) {
      List<Digest> kept = fill(store.blobs());
      assertTrue(kept.size() > 10, "some found room");
      var e = assertThrows(NoSpace.class, () -> store.blobs().put(bytes(-1, 1_000_000)));
      String message = Home.reason(e);
      assertTrue(message.startsWith("no space left in the store " + store.home() + " ("), message);
      assertTrue(
          message.endsWith(
              " free): run 'bric store gc', free some disk, or set BRIC_HOME to a folder with room"),
          message);
      assertEquals(Optional.empty(), store.blobs().read(Digest.of(bytes(-1, 1_000_000))));
      try (var temporaries = Files.list(store.home().resolve("tmp"))) {
        assertEquals(List.of(), temporaries.toList());
      }
      for (int i = 0; i < kept.size(); i++) {
        assertArrayEquals(bytes(i, 50_000), store.blobs().read(kept.get(i)).orElseThrow());
      }
    }
  }

  @Test
  void whatWasRecordedStaysAndGoesToTheDiskWhenThereIsRoom() throws IOException {
    Path filler = disk.resolve("filler");
    int recorded = 0;
    try (Store store = Store.open(disk.resolve("home"), warnings::add)) {
      store.sync();
      fillUp(filler);
      boolean full = false;
      while (!full) {
        try {
          int i = recorded;
          store.traces().update(edit -> edit.put(key(i), bytes(i, 1_000)));
          recorded++;
        } catch (NoSpace e) {
          full = true;
        }
      }
      for (int i = 0; i < recorded; i++) {
        assertArrayEquals(bytes(i, 1_000), store.traces().get(key(i)).orElseThrow());
      }
      assertEquals(Optional.empty(), store.traces().get(key(recorded)));
      Files.delete(filler);
      store.sync();
    }
    try (Store store = Store.open(disk.resolve("home"), warnings::add)) {
      for (int i = 0; i < recorded; i++) {
        assertArrayEquals(bytes(i, 1_000), store.traces().get(key(i)).orElseThrow());
      }
    }
  }

  /** The process is killed, or ends, while nothing fits: the next one finds the journal. */
  @Test
  void whatCouldNotBeWrittenAtTheEndIsFoundByTheNext() throws IOException {
    Path filler = disk.resolve("filler");
    Store store = Store.open(disk.resolve("home"), warnings::add);
    store.traces().update(edit -> edit.put(key(1), bytes(1, 200_000)));
    fillUp(filler);
    var e = assertThrows(StoreException.class, store::close);
    assertTrue(e instanceof NoSpace, e.toString());
    Files.delete(filler);
    try (Store next = Store.open(disk.resolve("home"), warnings::add)) {
      assertArrayEquals(bytes(1, 200_000), next.traces().get(key(1)).orElseThrow());
    }
  }

  /** The way out that the message names works. */
  @Test
  void aStoreOnAFullDiskCanBeOpenedAndCollected() throws IOException {
    try (Store store = Store.open(disk.resolve("home"), warnings::add)) {
      for (Digest digest : fill(store.blobs())) {
        assertTrue(store.blobs().has(digest));
      }
    }
    fillUp(disk.resolve("filler"));
    try (Store store = Store.open(disk.resolve("home"), warnings::add)) {
      Path blobs = store.home().resolve("blobs");
      try (var files = Files.walk(blobs)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          HostFiles.setTimes(HostFiles.bytes(file), 0, HostFiles.KEEP);
        }
      }
      assertTrue(store.gc(100_000).removedFiles() > 10);
      store.blobs().put(bytes(-1, 1_000_000));
    }
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static void fillUp(Path filler) throws IOException {
    try (var out = Files.newOutputStream(filler)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertTrue(Home.reason(e).contains("No space left"), e.toString());
    }
  }
}

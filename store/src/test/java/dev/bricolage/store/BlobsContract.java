package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.Stat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Blobs} does. */
abstract class BlobsContract {
  private static final byte[] HELLO = "hello, blobs\n".getBytes(UTF_8);

  @TempDir Path folder;

  /** The blobs under test, none in them yet. */
  abstract Blobs blobs();

  /** Changes a bit of a stored blob behind the store's back. */
  abstract void damage(Digest digest) throws IOException;

  @Test
  void aPutBlobIsThere() {
    Digest digest = blobs().put(HELLO);
    assertEquals(Digest.of(HELLO), digest);
    assertTrue(blobs().has(digest));
    assertArrayEquals(HELLO, blobs().read(digest).orElseThrow());
  }

  @Test
  void aBlobIsReadFromAnywhere() throws IOException {
    Digest digest = blobs().put(HELLO);
    assertTrue(blobs().isStored(digest));
    for (int offset : new int[] {0, 7, HELLO.length}) {
      try (InputStream in = blobs().open(digest, offset).orElseThrow()) {
        assertEquals(
            new String(HELLO, UTF_8).substring(offset), new String(in.readAllBytes(), UTF_8));
      }
    }
    assertEquals(Optional.empty(), blobs().open(Digest.of("unknown"), 1));
    assertFalse(blobs().isStored(Digest.of("unknown")));
  }

  @Test
  void anUnknownBlobIsMissingAndNoError() throws IOException {
    Digest unknown = Digest.of("unknown");
    assertFalse(blobs().has(unknown));
    assertEquals(Optional.empty(), blobs().read(unknown));
    assertEquals(Optional.empty(), blobs().open(unknown));
    assertFalse(blobs().link(unknown, folder.resolve("a"), false));
    assertFalse(blobs().copy(unknown, folder.resolve("a"), 0644));
    assertFalse(Files.exists(folder.resolve("a")));
  }

  @Test
  void aBlobOfAnotherSizeIsAnotherBlob() {
    Digest digest = blobs().put(HELLO);
    assertFalse(blobs().has(Digest.of(digest.hash(), digest.size() + 1)));
  }

  @Test
  void puttingTwiceIsPuttingOnce() {
    assertEquals(blobs().put(HELLO), blobs().put(HELLO));
  }

  @Test
  void theEmptyBlob() throws IOException {
    Digest digest = blobs().put(new byte[0]);
    assertEquals(Digest.EMPTY, digest);
    assertArrayEquals(new byte[0], blobs().read(digest).orElseThrow());
    assertTrue(blobs().link(digest, folder.resolve("empty"), false));
    assertEquals(0, Files.size(folder.resolve("empty")));
  }

  @Test
  void filesStreamsAndBytesAgree() throws IOException {
    Random random = new Random(7);
    for (int size :
        new int[] {1, 4095, 128 << 10, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      Path file = Files.write(folder.resolve("f" + size), bytes);
      Digest expected = Digest.of(bytes);
      assertEquals(expected, blobs().put(file));
      assertEquals(expected, blobs().put(new ByteArrayInputStream(bytes)));
      assertEquals(expected, blobs().put(bytes));
      try (InputStream in = blobs().open(expected).orElseThrow()) {
        assertArrayEquals(bytes, in.readAllBytes());
      }
    }
  }

  @Test
  void whatArrivesInPiecesIsABlobOnceItIsWhole() {
    Digest wanted = Digest.of(HELLO);
    try (Arrival arrival = blobs().arrive()) {
      arrival.write(HELLO, 0, 5);
      assertEquals(5, arrival.size());
      assertFalse(blobs().has(wanted));
      arrival.write(HELLO, 5, HELLO.length - 5);
      assertFalse(blobs().has(wanted));
      assertTrue(arrival.finish(wanted));
    }
    assertArrayEquals(HELLO, blobs().read(wanted).orElseThrow());
  }

  @Test
  void whatArrivesOtherThanSaidIsNotKept() {
    Digest said = Digest.of("something else");
    try (Arrival arrival = blobs().arrive()) {
      arrival.write(HELLO, 0, HELLO.length);
      assertFalse(arrival.finish(said));
    }
    assertFalse(blobs().has(said));
    assertFalse(blobs().has(Digest.of(HELLO)));
  }

  @Test
  void anArrivalThatIsGivenUpLeavesNothing() {
    try (Arrival arrival = blobs().arrive()) {
      arrival.write(HELLO, 0, HELLO.length);
    }
    assertFalse(blobs().has(Digest.of(HELLO)));
  }

  @Test
  void twoArrivalsOfOneBlobAgree() {
    Digest wanted = Digest.of(HELLO);
    try (Arrival first = blobs().arrive();
        Arrival second = blobs().arrive()) {
      first.write(HELLO, 0, HELLO.length);
      second.write(HELLO, 0, HELLO.length);
      assertTrue(first.finish(wanted));
      assertTrue(second.finish(wanted));
    }
    assertTrue(blobs().has(wanted));
  }

  @Test
  void aMissingFileCannotBePut() {
    Path missing = folder.resolve("missing");
    var e = assertThrows(NoSuchFileException.class, () -> blobs().put(missing));
    assertEquals(missing.toString(), e.getMessage());
  }

  @Test
  void aFolderCannotBePut() {
    assertThrows(IOException.class, () -> blobs().put(folder));
  }

  @Test
  void takingRemovesTheFile() throws IOException {
    Path file = Files.write(folder.resolve("taken"), HELLO);
    Digest digest = blobs().take(file);
    assertEquals(Digest.of(HELLO), digest);
    assertFalse(Files.exists(file));
    assertArrayEquals(HELLO, blobs().read(digest).orElseThrow());
    Files.write(file, HELLO);
    assertEquals(digest, blobs().take(file), "known already");
    assertFalse(Files.exists(file));
  }

  @Test
  void takingOneOfTwoNamesLeavesTheOther() throws IOException {
    Path file = Files.write(folder.resolve("one"), HELLO);
    Path other = Files.createLink(folder.resolve("other"), file);
    Digest digest = blobs().take(file);
    Files.write(other, "changed".getBytes(UTF_8));
    assertArrayEquals(HELLO, blobs().read(digest).orElseThrow());
  }

  @Test
  void linksHaveTheirBytesModeAndTime() throws IOException {
    Digest digest = blobs().put(HELLO);
    for (boolean executable : new boolean[] {false, true, false, true}) {
      Path target = folder.resolve("link-" + executable + System.nanoTime());
      assertTrue(blobs().link(digest, target, executable));
      assertArrayEquals(HELLO, Files.readAllBytes(target));
      Stat stat = Stat.of(target);
      assertEquals(executable ? 0755 : 0644, stat.mode());
      assertEquals(1_000_000_000L, stat.mtime());
    }
  }

  @Test
  void copiesAreTheirOwn() throws IOException {
    Digest digest = blobs().put(HELLO);
    Path target = folder.resolve("copy");
    assertTrue(blobs().copy(digest, target, 0640));
    assertEquals(0640, Stat.of(target).mode());
    Files.write(target, "scribble".getBytes(UTF_8));
    assertArrayEquals(HELLO, blobs().read(digest).orElseThrow());
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Digest digest = blobs().put(HELLO);
    Path target = Files.write(folder.resolve("mine"), new byte[] {1});
    assertThrows(FileAlreadyExistsException.class, () -> blobs().link(digest, target, false));
    assertThrows(FileAlreadyExistsException.class, () -> blobs().copy(digest, target, 0644));
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(target));
  }

  @Test
  void aTargetWithoutAFolderIsTheCallersMistake() {
    Digest digest = blobs().put(HELLO);
    Path target = folder.resolve("no/such");
    assertThrows(NoSuchFileException.class, () -> blobs().link(digest, target, false));
    assertThrows(NoSuchFileException.class, () -> blobs().copy(digest, target, 0644));
  }

  @Test
  void aDamagedBlobIsMissingAndHeals() throws IOException {
    Digest digest = blobs().put(HELLO);
    damage(digest);
    assertEquals(Optional.empty(), blobs().read(digest));
    assertFalse(blobs().has(digest));
    blobs().put(HELLO);
    assertArrayEquals(HELLO, blobs().read(digest).orElseThrow());
  }

  @Test
  void aDamagedBlobIsNeverCopied() throws IOException {
    Digest digest = blobs().put(HELLO);
    damage(digest);
    Path target = folder.resolve("copy");
    assertFalse(blobs().copy(digest, target, 0644));
    assertFalse(Files.exists(target));
    assertFalse(blobs().has(digest));
  }

  @Test
  void aDamagedBlobEndsItsStreamWithAnError() throws IOException {
    Digest digest = blobs().put(HELLO);
    damage(digest);
    Optional<InputStream> opened = blobs().open(digest);
    if (opened.isEmpty()) {
      return; // found out before
    }
    try (InputStream in = opened.get()) {
      var e = assertThrows(DamagedBlob.class, in::readAllBytes);
      assertEquals(
          "the stored blob " + digest + " was damaged and is removed; what made it will run again",
          e.getMessage());
    }
  }

  @Test
  void manyAtOnceGiveTheSameBlob() throws Exception {
    int threads = 8;
    byte[] bytes = new byte[2 << 20];
    new Random(3).nextBytes(bytes);
    CyclicBarrier together = new CyclicBarrier(threads);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Digest>> puts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        boolean stream = i % 2 == 0;
        puts.add(() -> {
          together.await();
          return stream ? blobs().put(new ByteArrayInputStream(bytes)) : blobs().put(bytes);
        });
      }
      for (Future<Digest> put : executor.invokeAll(puts)) {
        assertEquals(Digest.of(bytes), put.get());
      }
    }
    assertArrayEquals(bytes, blobs().read(Digest.of(bytes)).orElseThrow());
  }
}

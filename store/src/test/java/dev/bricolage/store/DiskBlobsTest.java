package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Home.Pool;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobsTest extends BlobsContract {
  private static final byte[] TEXT = "some text".getBytes(UTF_8);

  @TempDir Path root;
  private Home home;
  private DiskBlobs blobs;

  @BeforeEach
  void open() throws IOException {
    home = Home.at(root.resolve("home"));
    home.prepare();
    blobs = new DiskBlobs(home, new LastUse(System::nanoTime));
  }

  @Override
  Blobs blobs() {
    return blobs;
  }

  /** Keeps size and mtime, as a disk that rots does. */
  @Override
  void damage(Digest digest) throws IOException {
    Path file = file(digest);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
  }

  private Path file(Digest digest) {
    Path fresh = Path.of(HostFiles.text(home.fresh(Pool.PLAIN, digest)));
    Path settled = Path.of(HostFiles.text(home.settled(Pool.PLAIN, digest)));
    return Files.exists(fresh) ? fresh : settled;
  }

  @Test
  void aBlobIsAFileNamedByItsHash() throws IOException {
    Digest digest = blobs.put(TEXT);
    assertEquals(1, blobs.settle());
    String hex = digest.hex();
    Path file = home.path("blobs/" + hex.substring(0, 2) + "/" + hex.substring(2));
    assertArrayEquals(TEXT, Files.readAllBytes(file));
    Stat stat = Stat.of(file);
    assertEquals(0644, stat.mode());
    assertEquals(1_000_000_000L, stat.mtime());
    assertTrue(blobs.has(digest));
    assertEquals(0, blobs.settle(), "nothing is left to settle");
  }

  @Test
  void noArrivalLeavesAFileInTmp() throws IOException {
    try (Arrival kept = blobs.arrive();
        Arrival wrong = blobs.arrive();
        Arrival givenUp = blobs.arrive()) {
      for (Arrival arrival : new Arrival[] {kept, wrong, givenUp}) {
        arrival.write(TEXT, 0, TEXT.length);
      }
      assertTrue(kept.finish(Digest.of(TEXT)));
      assertFalse(wrong.finish(Digest.EMPTY));
      assertEquals(1, HostFiles.list(home.bytes("tmp")).size());
    }
    assertEquals(0, HostFiles.list(home.bytes("tmp")).size());
  }

  @Test
  void aLinkIsTheSameFile() throws IOException {
    Digest digest = blobs.put(TEXT);
    Path target = folder.resolve("linked");
    blobs.link(digest, target, false);
    assertEquals(Stat.of(file(digest)).inode(), Stat.of(target).inode());
  }

  @Test
  void executablesAreOfTheirOwnPool() throws IOException {
    Digest digest = blobs.put(TEXT);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    blobs.link(digest, one, true);
    blobs.settle();
    blobs.link(digest, two, true);
    assertEquals(Stat.of(one).inode(), Stat.of(two).inode());
    assertNotEquals(Stat.of(file(digest)).inode(), Stat.of(one).inode());
  }

  @Test
  void aBlobWrittenToThroughALinkIsNotServed() throws IOException {
    Digest digest = blobs.put(TEXT);
    Path target = folder.resolve("linked");
    blobs.link(digest, target, false);
    Files.write(target, "same size".getBytes(UTF_8));
    assertFalse(blobs.has(digest));
    assertFalse(blobs.link(digest, folder.resolve("again"), false));
    assertFalse(Files.exists(file(digest)), "it is gone");
  }

  @Test
  void aBlobThatWasOnlyTouchedIsMended() throws IOException {
    Digest digest = blobs.put(TEXT);
    Path file = file(digest);
    Files.setLastModifiedTime(file, FileTime.fromMillis(5000));
    assertTrue(blobs.has(digest));
    assertEquals(1_000_000_000L, Stat.of(file).mtime());
  }

  @Test
  void aTruncatedBlobIsMissing() throws IOException {
    Digest digest = blobs.put(TEXT);
    Files.write(file(digest), new byte[] {1, 2});
    assertFalse(blobs.has(digest));
  }

  /** Makes as many names as ext4 allows, which takes some seconds. */
  @Test
  void aPopularBlobGetsANewFileWhenItsNamesRunOut() throws IOException {
    Digest digest = blobs.put(new byte[0]);
    blobs.settle();
    long first = Stat.of(file(digest)).inode();
    int links = 0;
    while (Stat.of(file(digest)).inode() == first && links < 70_000) {
      assertTrue(blobs.link(digest, folder.resolve("l" + links++), false));
    }
    assertTrue(blobs.link(digest, folder.resolve("last"), false));
    assertTrue(links == 70_000 || links >= 1_000, "after " + links);
  }

  @Test
  void aFailedPutLeavesNoFile() throws IOException {
    var failing = new SequenceInputStream(new ByteArrayInputStream(new byte[300_000]), new Torn());
    var e = assertThrows(IOException.class, () -> blobs.put(failing));
    assertEquals("torn", e.getMessage());
    assertEquals(0, HostFiles.list(home.bytes("tmp")).size());
    assertEquals(0, HostFiles.list(home.bytes("fresh/" + home.boot())).size());
  }

  /** Ends with an error. */
  private static final class Torn extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("torn");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      throw new IOException("torn");
    }
  }
}

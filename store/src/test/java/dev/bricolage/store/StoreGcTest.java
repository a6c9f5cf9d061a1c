package dev.bricolage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.BlobFiles.BlobFile;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreGcTest {
  private static final int SIZE = 1000;

  @TempDir Path folder;
  private final List<Digest> digests = new ArrayList<>();
  private final Clock clock = Clock.systemUTC();
  private Home home = new Home(Path.of("unset"), "unset");
  private DiskBlobs blobs = new DiskBlobs(home, new LastUse(System::nanoTime));
  private BlobFiles files = new BlobFiles(home);
  private Leases leases = new Leases(clock);

  /** Ten blobs, the first used ten hours ago, the last one hour and a minute. */
  @BeforeEach
  void fill() throws IOException {
    home = Home.at(folder.resolve("home"));
    home.prepare();
    blobs = new DiskBlobs(home, new LastUse(System::nanoTime));
    files = new BlobFiles(home);
    for (int i = 0; i < 10; i++) {
      byte[] bytes = new byte[SIZE];
      bytes[0] = (byte) i;
      digests.add(blobs.put(bytes));
    }
    blobs.settle();
    for (int i = 0; i < 10; i++) {
      used(i, Duration.ofHours(10 - i).plusMinutes(1));
    }
    blobs = new DiskBlobs(home, new LastUse(System::nanoTime));
  }

  private void used(int number, Duration ago) throws IOException {
    long then = clock.millis() - ago.toMillis();
    HostFiles.setTimes(path(number), then * 1_000_000, HostFiles.KEEP);
  }

  private byte[] path(int number) {
    return home.settled(Home.Pool.PLAIN, digests.get(number));
  }

  private StoreGc.Report collect(long budget) throws IOException {
    return new StoreGc(files, leases, clock).run(budget);
  }

  private List<Integer> left() throws IOException {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      if (Stat.of(path(i)).exists()) {
        left.add(i);
      }
    }
    return left;
  }

  @Test
  void theLeastRecentlyUsedGoFirst() throws IOException {
    assertEquals(new StoreGc.Report(10, 10_000, 6, 6_000, 0), collect(4_500));
    assertEquals(List.of(6, 7, 8, 9), left());
  }

  @Test
  void nothingGoesWithinTheBudget() throws IOException {
    assertEquals(new StoreGc.Report(10, 10_000, 0, 0, 0), collect(10_000));
  }

  @Test
  void everyUseIsOne() throws IOException {
    assertTrue(blobs.has(digests.get(0)));
    assertTrue(blobs.read(digests.get(1)).isPresent());
    assertTrue(blobs.link(digests.get(2), folder.resolve("link"), false));
    assertTrue(blobs.copy(digests.get(3), folder.resolve("copy"), 0644));
    byte[] same = new byte[SIZE];
    same[0] = 4;
    blobs.put(same);
    assertEquals(new StoreGc.Report(10, 10_000, 5, 5_000, 5_000), collect(0));
    assertEquals(List.of(0, 1, 2, 3, 4), left());
  }

  @Test
  void whatABuildUsedSinceItBeganStays() throws IOException {
    used(9, Duration.ofMinutes(1));
    Leases old = new Leases(Clock.offset(clock, Duration.ofMinutes(-150)));
    leases = old;
    Lease lease = old.begin();
    collect(0);
    assertEquals(List.of(8, 9), left());
    lease.close();
    collect(0);
    assertEquals(List.of(9), left());
  }

  @Test
  void aUseBetweenTheLookAndTheRemovalIsRespected() throws IOException {
    List<BlobFile> seen = new ArrayList<>();
    files.each(seen::add);
    BlobFile file = seen.get(0);
    assertTrue(blobs.has(file.digest()));
    assertFalse(files.removeUnused(file));
    assertTrue(blobs.read(file.digest()).isPresent());
    try (var left = Files.list(home.path("tmp"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aCollectedBlobIsMissingAndHeals() throws IOException {
    collect(0);
    assertEquals(List.of(), left());
    assertFalse(blobs.has(digests.get(0)));
    blobs.put(new byte[SIZE]);
    assertTrue(blobs.has(digests.get(0)));
  }

  @Test
  void executableCopiesAreCollectedToo() throws IOException {
    assertTrue(blobs.link(digests.get(0), folder.resolve("link"), true));
    blobs.settle();
    assertEquals(11, collect(Long.MAX_VALUE).files());
    HostFiles.setTimes(home.settled(Home.Pool.EXEC, digests.get(0)), 0, HostFiles.KEEP);
    collect(10_000);
    assertFalse(Stat.of(home.settled(Home.Pool.EXEC, digests.get(0))).exists());
    assertTrue(blobs.link(digests.get(0), folder.resolve("again"), true));
  }

  @Test
  void checkingIsNoUse() throws IOException {
    List<BlobFile> seen = new ArrayList<>();
    files.each(seen::add);
    for (BlobFile file : seen) {
      assertTrue(files.isWhole(file));
      assertEquals(file.stat().atime(), Stat.of(file.path()).atime());
    }
  }
}

package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {
  @TempDir Path folder;
  private final MemoryTables tables = new MemoryTables();
  private final FileDigests later = digests(Duration.ofHours(1));
  private Path file = Path.of("unset");
  private int hashed;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("file"), "one");
  }

  /** As seen by a process whose clock is ahead: so files are old without waiting. */
  private FileDigests digests(Duration ahead) {
    return new FileDigests(tables, Clock.offset(Clock.systemUTC(), ahead));
  }

  private Digest count(Path path) throws IOException {
    hashed++;
    return Digest.of(Files.readAllBytes(path));
  }

  private Digest ask(FileDigests digests) throws IOException {
    return digests.digest(file, Stat.of(file), this::count);
  }

  @Test
  void aFileAtRestIsHashedOnce() throws IOException {
    assertEquals(Digest.of("one"), ask(later));
    assertEquals(Digest.of("one"), ask(later));
    assertEquals(1, hashed);
    assertEquals(Digest.of("one"), later.digest(file, Stat.of(file)));
  }

  @Test
  void itIsKnownToTheNextProcess() throws IOException {
    ask(later);
    assertEquals(Optional.of(Digest.of("one")), digests(Duration.ZERO).known(Stat.of(file)));
  }

  @Test
  void aFileChangedAMomentAgoIsNotKept() throws IOException {
    Stat stat = Stat.of(file);
    long atTheChange = stat.ctime() + FileDigests.GRAIN;
    Clock stopped = Clock.fixed(Instant.ofEpochSecond(0, atTheChange), ZoneOffset.UTC);
    FileDigests digests = new FileDigests(tables, stopped);
    ask(digests);
    ask(digests);
    assertEquals(2, hashed, "the next change may fall into the same grain of the clock");
    assertEquals(Optional.empty(), digests.known(stat));
  }

  @Test
  void aChangeUnderTheSameSizeAndTimeIsSeen() throws IOException {
    ask(later);
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    assertEquals(Digest.of("two"), ask(later));
  }

  @Test
  void anotherFileUnderTheNameIsSeen() throws IOException {
    ask(later);
    Path other = Files.writeString(folder.resolve("other"), "two");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Digest.of("two"), ask(later));
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotKept() throws IOException {
    Digest torn =
        later.digest(
            file,
            Stat.of(file),
            path -> {
              Digest digest = Digest.of(Files.readAllBytes(path));
              Files.writeString(path, "three");
              return digest;
            });
    assertEquals(Digest.of("one"), torn);
    assertEquals(Digest.of("three"), ask(later));
  }

  @Test
  void bytesMayEnterTheStoreOnTheWay() throws IOException {
    MemoryBlobs blobs = new MemoryBlobs();
    Digest digest = later.digest(file, Stat.of(file), blobs::put);
    assertEquals("one", new String(blobs.read(digest).orElseThrow(), UTF_8));
  }

  private static final long AT_REST_SINCE = 5_000_000_000L;

  private static Stat coarse(long mount) {
    return new Stat(Stat.Type.FILE, 0644, 3, 1, 2, 1, AT_REST_SINCE, AT_REST_SINCE, 0, mount);
  }

  @Test
  void timesOfWholeSecondsAreKnownInThisProcessOnlyWhereMountsHaveNoNumber() {
    later.keep(coarse(0), 1_700_000_000_000_000_000L, Digest.of("one"));
    assertEquals(Optional.of(Digest.of("one")), later.known(coarse(0)));
    assertEquals(Optional.empty(), digests(Duration.ofHours(1)).known(coarse(0)));
  }

  @Test
  void timesOfWholeSecondsAreKnownForOneMountOfOneBoot() {
    Clock clock = Clock.systemUTC();
    new FileDigests(tables, clock, "boot")
        .keep(coarse(7), 1_700_000_000_000_000_000L, Digest.of("one"));
    assertEquals(
        Optional.of(Digest.of("one")), new FileDigests(tables, clock, "boot").known(coarse(7)));
    assertEquals(Optional.empty(), new FileDigests(tables, clock, "boot").known(coarse(8)));
    assertEquals(Optional.empty(), new FileDigests(tables, clock, "next").known(coarse(7)));
  }
}

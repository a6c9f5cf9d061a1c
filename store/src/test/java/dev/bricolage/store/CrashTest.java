package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Home.Pool;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed and machines that stop. */
class CrashTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final List<String> warnings = new ArrayList<>();
  @TempDir Path folder;

  private Path root() {
    return folder.resolve("home");
  }

  /**
   * Kills a writer after a random number of writes, again and again; what it said was done is
   * there, and nothing is half there. {@code -Dbric.crashes=N} for more rounds, {@code
   * -Dbric.seed=N} for other ones.
   */
  @Test
  void aKilledProcessLosesNothingItReported() throws Exception {
    Random random = new Random(Long.getLong("bric.seed", 1));
    int next = 0;
    for (int round = 0; round < Integer.getInteger("bric.crashes", 4); round++) {
      int last = killAfter(next, next + random.nextInt(400));
      try (Store store = Store.open(root(), warnings::add)) {
        checkAll(store, last);
        StoreCheck.Report report = store.verify(warnings::add);
        assertTrue(report.isSound(), report.toString());
        assertEquals(0, HostFiles.list(HostFiles.bytes(root().resolve("tmp"))).size());
      }
      assertEquals(List.of(), warnings, "round " + round);
      next = last + 1;
    }
  }

  private int killAfter(int first, int writes) throws Exception {
    try (ChildProcess child =
        new ChildProcess(CrashingWriter.class, root().toString(), "" + first)) {
      String line = child.line();
      while (!line.equals("done " + writes)) {
        assertTrue(line.startsWith("done "), line);
        line = child.line();
      }
      int last = writes;
      for (String more : child.kill()) {
        last = more.startsWith("done ") ? Integer.parseInt(more.substring(5).strip()) : last;
      }
      return last;
    }
  }

  private static void checkAll(Store store, int last) {
    for (int i = 0; i <= last + 1; i++) {
      Optional<byte[]> left = store.traces().get(CrashingWriter.key("left", i));
      Optional<byte[]> right = store.traces().get(CrashingWriter.key("right", i));
      assertEquals(left.isPresent(), right.isPresent(), "both or none of " + i);
      assertTrue(i > last || left.isPresent(), "write " + i + " of " + last + " is lost");
      if (left.isPresent()) {
        assertArrayEquals(left.get(), right.orElseThrow());
        Digest digest = Digest.parse(new String(left.get(), UTF_8));
        assertArrayEquals(CrashingWriter.content(i), store.blobs().read(digest).orElseThrow());
      }
    }
  }

  /** Two processes write the same blobs and their own traces at once. */
  @Test
  void twoProcessesShareAStore() throws Exception {
    try (Store store = Store.open(root(), warnings::add);
        ChildProcess child = new ChildProcess(CrashingWriter.class, root().toString(), "0")) {
      int last = 0;
      for (int i = 0; i < 300; i++) {
        last = Integer.parseInt(child.line().substring("done ".length()));
        assertEquals(
            Digest.of(CrashingWriter.content(i)), store.blobs().put(CrashingWriter.content(i)));
        store.runs().append(("run " + i).getBytes(UTF_8));
        if (i % 37 == 0) {
          store.sync();
        }
      }
      child.kill();
      assertEquals(299, last);
      assertEquals(300, store.runs().newest(1).get(0).id());
    }
    try (Store store = Store.open(root(), warnings::add)) {
      checkAll(store, 299);
      assertEquals(300, store.runs().newest(999).size());
      assertTrue(store.verify(warnings::add).isSound());
    }
    assertEquals(List.of(), warnings);
  }

  private Home boot(String name) throws IOException {
    Files.createDirectories(root());
    return new Home(root().toRealPath(), name);
  }

  private Store open(Home home) throws IOException {
    return Opening.of(home, warnings::add, new Flusher.Pace(NEVER, NEVER, warnings::add));
  }

  /** The machine stops: unsynced blobs may be torn, and the journal may name them. */
  @Test
  void afterAMachineStoppedOnlyWholeBlobsAreServed() throws IOException {
    Home before = boot("boot-1");
    Store stopped = open(before);
    Digest synced = stopped.blobs().put("synced".getBytes(UTF_8));
    stopped.traces().update(edit -> edit.put(new byte[] {1}, new byte[] {1}));
    stopped.sync();
    Digest whole = stopped.blobs().put("whole".getBytes(UTF_8));
    Digest torn = stopped.blobs().put("torn".getBytes(UTF_8));
    Digest zeros = stopped.blobs().put("zeros".getBytes(UTF_8));
    Digest empty = stopped.blobs().put("empty".getBytes(UTF_8));
    stopped.traces().update(edit -> edit.put(new byte[] {2}, new byte[] {2}));
    Path copy = copyOfDisk();
    stopped.close();
    rewrite(copy, before, torn, "tor".getBytes(UTF_8));
    rewrite(copy, before, zeros, new byte[5]);
    rewrite(copy, before, empty, new byte[0]);

    try (Store store = open(new Home(copy.toRealPath(), "boot-2"))) {
      assertArrayEquals("synced".getBytes(UTF_8), store.blobs().read(synced).orElseThrow());
      assertArrayEquals("whole".getBytes(UTF_8), store.blobs().read(whole).orElseThrow());
      for (Digest lost : List.of(torn, zeros, empty)) {
        assertFalse(store.blobs().has(lost));
      }
      assertTrue(store.traces().get(new byte[] {1}).isPresent());
      assertEquals(Optional.empty(), store.traces().get(new byte[] {2}), "its blobs may be lost");
      store.blobs().put("torn".getBytes(UTF_8));
      assertArrayEquals("torn".getBytes(UTF_8), store.blobs().read(torn).orElseThrow());
    }
    assertEquals(
        List.of("boot-2"),
        HostFiles.list(HostFiles.bytes(copy.resolve("fresh"))).stream()
            .map(n -> n.text().orElseThrow())
            .toList());
  }

  private Path copyOfDisk() throws IOException {
    Path copy = folder.resolve("copy");
    try (var files = Files.walk(root())) {
      for (Path from : files.toList()) {
        Files.copy(from, copy.resolve(root().relativize(from)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  /** With the right mtime and mode, as a crash leaves them. */
  private static void rewrite(Path root, Home home, Digest digest, byte[] bytes)
      throws IOException {
    Path file = Path.of(HostFiles.text(new Home(root, home.boot()).fresh(Pool.PLAIN, digest)));
    Files.write(file, bytes);
    HostFiles.setTimes(HostFiles.bytes(file), HostFiles.KEEP, DiskBlobs.BLOB_MTIME);
  }
}

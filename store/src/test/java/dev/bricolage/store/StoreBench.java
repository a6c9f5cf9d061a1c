package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What the store costs: run its {@code main} with an empty folder as its argument. Each line is the
 * median of five rounds.
 */
public final class StoreBench {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 5;
  private static final int COUNT = 2_000;

  private final Path folder;
  private final Random random = new Random(1);

  private StoreBench(Path folder) {
    this.folder = folder;
  }

  /** One round of something. */
  private interface Round {
    void run(int number) throws IOException;
  }

  /** Prints the figures. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    long start = System.nanoTime();
    try (Store store = Store.open(folder.resolve("home"), StoreBench::warn)) {
      print("first opening in a process", System.nanoTime() - start, 0, 1);
      new StoreBench(folder).all(store);
    }
    start = System.nanoTime();
    Store.open(folder.resolve("home"), StoreBench::warn).close();
    print("opening and closing again", System.nanoTime() - start, 0, 1);
  }

  private static void warn(String warning) {
    System.err.println(warning);
  }

  private void all(Store store) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[100]);
    bench("stat of a file", COUNT * 10, r -> stat(file, COUNT * 10));
    bench("stat of nothing", COUNT * 10, r -> stat(folder.resolve("none"), COUNT * 10));
    List<Digest> digests = new ArrayList<>();
    bench("put of 4 KiB", COUNT, r -> digests.addAll(put(store.blobs())));
    bench("has", COUNT, r -> digests.subList(0, COUNT).forEach(store.blobs()::has));
    bench("put again", COUNT, r -> putAgain(store.blobs()));
    bench("sync of 100 new blobs", 1, r -> sync(store));
    bench("link", COUNT, r -> link(store, digests, r, false));
    bench("link, executable, first", 200, r -> exec(store, digests, r));
    bench("copy of 4 KiB", 1000, r -> copy(store, digests, r));
    bench("read of 4 KiB", COUNT, r -> digests.subList(0, COUNT).forEach(store.blobs()::read));
    List<Path> files = files();
    bench("digest of a file, known", COUNT, r -> known(store, files));
    bench("trace: update of 5 nodes", COUNT, r -> update(store, r));
    store.sync();
    bench("trace: get", COUNT, r -> get(store));
    bench("trace: sync of one update", 1, r -> updateAndSync(store, r));
  }

  private static void bench(String name, int count, Round round) throws IOException {
    long[] wall = new long[ROUNDS];
    long[] cpu = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      long cpuStart = THREAD.getCurrentThreadCpuTime();
      round.run(i);
      cpu[i] = THREAD.getCurrentThreadCpuTime() - cpuStart;
      wall[i] = System.nanoTime() - start;
    }
    Arrays.sort(wall);
    Arrays.sort(cpu);
    print(name, wall[ROUNDS / 2], cpu[ROUNDS / 2], count);
  }

  private static void print(String name, long wall, long cpu, int count) {
    double micros = wall / 1000.0 / count;
    System.out.printf(
        Locale.ROOT,
        "%-28s %10.2f us, of the processor %10.2f us, %12.0f/s%n",
        name,
        micros,
        cpu / 1000.0 / count,
        1e6 / micros);
  }

  private static void stat(Path path, int count) throws IOException {
    byte[] name = HostFiles.bytes(path);
    for (int i = 0; i < count; i++) {
      Stat.of(name);
    }
  }

  private List<Digest> put(Blobs blobs) {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      byte[] bytes = new byte[4096];
      random.nextBytes(bytes);
      digests.add(blobs.put(bytes));
    }
    return digests;
  }

  private static void putAgain(Blobs blobs) {
    byte[] bytes = new byte[4096];
    for (int i = 0; i < COUNT; i++) {
      blobs.put(bytes);
    }
  }

  private void sync(Store store) {
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[4096];
      random.nextBytes(bytes);
      store.blobs().put(bytes);
    }
    store.sync();
  }

  private void link(Store store, List<Digest> digests, int round, boolean executable)
      throws IOException {
    Path target = Files.createDirectories(folder.resolve("links" + round));
    for (int i = 0; i < COUNT; i++) {
      store.blobs().link(digests.get(i), target.resolve("l" + i), executable);
    }
  }

  private void exec(Store store, List<Digest> digests, int round) throws IOException {
    Path target = Files.createDirectories(folder.resolve("execs" + round));
    for (int i = 0; i < 200; i++) {
      store.blobs().link(digests.get(round * 200 + i), target.resolve("l" + i), true);
    }
  }

  private void copy(Store store, List<Digest> digests, int round) throws IOException {
    Path target = Files.createDirectories(folder.resolve("copies" + round));
    for (int i = 0; i < 1000; i++) {
      store.blobs().copy(digests.get(i), target.resolve("l" + i), 0644);
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      files.add(folder.resolve("links0/l" + i));
    }
    return files;
  }

  private static void known(Store store, List<Path> files) throws IOException {
    for (Path file : files) {
      store.files().digest(file, Stat.of(file));
    }
  }

  private static byte[] key(int number) {
    byte[] key = new byte[40];
    new Random(number).nextBytes(key);
    return key;
  }

  private static void update(Store store, int round) {
    for (int i = 0; i < COUNT; i++) {
      int first = (round * COUNT + i) * 5;
      store
          .traces()
          .update(edit -> {
            for (int k = 0; k < 5; k++) {
              edit.put(key(first + k), ByteBuffer.allocate(200).putInt(k).array());
            }
          });
    }
  }

  private static void get(Store store) {
    for (int i = 0; i < COUNT; i++) {
      store.traces().get(key(i));
    }
  }

  private static void updateAndSync(Store store, int round) {
    store.traces().update(edit -> edit.put(key(-round - 1), new byte[100]));
    store.sync();
  }
}

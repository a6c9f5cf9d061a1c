package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.action.Digest;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/**
 * A process that writes until it is killed, and says what it has done as soon as that must not be
 * lost any more. Its arguments are the store's folder and where to begin counting.
 */
final class CrashingWriter {
  private CrashingWriter() {}

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try (Store store = Store.open(Path.of(arguments[0]), line -> out.println(line))) {
      for (int i = Integer.parseInt(arguments[1]); ; i++) {
        write(store, i);
        out.println("done " + i);
        if (i % 50 == 0) {
          store.sync();
        }
      }
    }
  }

  private static void write(Store store, int i) {
    Digest digest = store.blobs().put(content(i));
    store
        .traces()
        .update(edit -> {
          edit.put(key("left", i), digest.toString().getBytes(UTF_8));
          edit.put(key("right", i), digest.toString().getBytes(UTF_8));
        });
  }

  /** What write number {@code i} puts. */
  static byte[] content(int i) {
    Random random = new Random(i);
    byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 300_000 : 3_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Where write number {@code i} says so. */
  static byte[] key(String side, int i) {
    byte[] name = side.getBytes(UTF_8);
    return ByteBuffer.allocate(name.length + 4).put(name).putInt(i).array();
  }
}

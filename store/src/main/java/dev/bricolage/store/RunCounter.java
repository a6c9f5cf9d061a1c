package dev.bricolage.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts runs in a small file under a lock, for two daemons may share a store. The number has a
 * fixed width and is written in place: truncating a file first makes ext4 wait for its journal,
 * which cost every run 4 ms.
 */
final class RunCounter implements Runs.Counter {
  private static final int DIGITS = 19;

  private final Path file;

  RunCounter(Home home) {
    this.file = home.path("runs.id");
  }

  @Override
  public synchronized long next(long above) {
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      long id = Math.max(above, read(channel)) + 1;
      String line = "%0" + DIGITS + "d\n";
      channel.write(ByteBuffer.wrap(line.formatted(id).getBytes(StandardCharsets.US_ASCII)), 0);
      return id;
    } catch (IOException e) {
      throw new StoreException("cannot count runs in %s: %s".formatted(file, Home.reason(e)), e);
    }
  }

  private static long read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(DIGITS + 1);
    channel.read(bytes, 0);
    try {
      return Long.parseLong(new String(bytes.array(), StandardCharsets.US_ASCII).strip());
    } catch (NumberFormatException emptyOrDamaged) {
      return 0;
    }
  }
}

package dev.bricolage.store;

import dev.bricolage.store.host.FileLock;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Counts runs in a small file under a lock, for two daemons may share a store. */
final class RunCounter implements Runs.Counter {
  private final Path file;
  private final Path lock;

  RunCounter(Home home) {
    this.file = home.path("runs.id");
    this.lock = home.path("runs.lock");
  }

  @Override
  public synchronized long next(long above) {
    try (FileLock _ = FileLock.take(HostFiles.bytes(lock))) {
      long id = Math.max(above, read()) + 1;
      Files.writeString(file, id + "\n");
      return id;
    } catch (IOException e) {
      throw new StoreException("cannot count runs in %s: %s".formatted(file, Home.reason(e)), e);
    }
  }

  private long read() throws IOException {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      return 0;
    }
  }
}

package dev.bricolage.store;

import dev.bricolage.store.host.FileLock;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who uses the store: a file for each process, locked while it lives and removed when it ends well.
 * One that is there and not locked is that of a process which was killed; its journals tell what it
 * had not yet taken to the disk.
 */
final class Sessions {
  private final Home home;

  Sessions(Home home) {
    this.home = home;
  }

  /**
   * What was found.
   *
   * @param alive how many other processes use the store now
   * @param ended sessions that ended badly, oldest first
   */
  record Found(int alive, List<Ended> ended) {}

  /**
   * A session that ended badly.
   *
   * @param name its files' common start: process, start, boot
   */
  record Ended(String name, FileLock lock) {
    /** When the machine was last started before it. */
    String boot() {
      return name.substring(name.indexOf('@') + 1);
    }

    /** Counts up within a boot. */
    long started() {
      int at = name.indexOf('@');
      int dash = name.indexOf('-');
      try {
        return at > dash ? Long.parseLong(name, dash + 1, at, 16) : 0;
      } catch (NumberFormatException e) {
        return 0; // not one of ours
      }
    }
  }

  /** This process's own session, from now on. */
  record Own(Home home, String name, FileLock lock) {
    /**
     * Ends it.
     *
     * @param well false leaves its files: what they hold is not on the disk yet
     */
    void end(boolean well) {
      try (lock) {
        if (well) {
          HostFiles.unlink(home.bytes("sessions/" + name + ".lock"));
        }
      } catch (IOException e) {
        throw new StoreException(
            "cannot end the session in %s: %s".formatted(home.root(), Home.reason(e)), e);
      }
    }
  }

  /** Looks at all sessions. */
  Found look() throws IOException {
    int alive = 0;
    List<Ended> ended = new ArrayList<>();
    for (Path file : locks()) {
      Optional<FileLock> lock = FileLock.tryTake(HostFiles.bytes(file));
      if (lock.isEmpty()) {
        alive++;
        continue;
      }
      String fileName = file.getFileName().toString();
      String name = fileName.substring(0, fileName.length() - ".lock".length());
      ended.add(new Ended(name, lock.get()));
    }
    ended.sort(Comparator.comparingLong(Ended::started));
    return new Found(alive, ended);
  }

  private List<Path> locks() throws IOException {
    try (var files = Files.list(home.path("sessions"))) {
      return files.filter(f -> f.toString().endsWith(".lock")).toList();
    }
  }

  /** Starts this process's own. All is in the name, for a full disk has room for a name. */
  Own start() throws IOException {
    long now = System.nanoTime();
    String name = "%d-%x@%s".formatted(ProcessHandle.current().pid(), now, home.boot());
    byte[] file = home.bytes("sessions/" + name + ".lock");
    return new Own(home, name, FileLock.take(file));
  }

  /** Removes what is left of one that ended badly. */
  void forget(Ended session) throws IOException {
    for (Path journal : Journal.of(home.path("sessions"), session.name())) {
      Files.deleteIfExists(journal);
    }
    try (FileLock _ = session.lock()) {
      Files.deleteIfExists(home.path("sessions/" + session.name() + ".lock"));
    }
  }
}

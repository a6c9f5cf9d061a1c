package dev.bricolage.store;

import dev.bricolage.store.Sessions.Ended;
import dev.bricolage.store.host.FileLock;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens a store step by step, mending what a killed process or a crashed machine left. */
final class Opening {
  private final Home home;
  private final Consumer<String> warnings;

  private Opening(Home home, Consumer<String> warnings) {
    this.home = home;
    this.warnings = warnings;
  }

  static Store of(Home home, Consumer<String> warnings, Flusher.Pace pace) throws IOException {
    try (FileLock _ = Store.openLock(home)) {
      return new Opening(home, warnings).open(pace);
    }
  }

  private Store open(Flusher.Pace pace) throws IOException {
    home.prepare();
    Sessions sessions = new Sessions(home);
    Sessions.Found found = sessions.look();
    if (found.alive() == 0) {
      clearTemporaries();
      new BlobFiles(home).adoptOlderBoots();
    }
    DiskBlobs blobs = new DiskBlobs(home, new LastUse(System::nanoTime));
    Lmdb lmdb = new Lmdb(home, damage(found), warnings);
    try {
      DiskTables.Inheritance inheritance = inheritance(sessions, found.ended());
      Sessions.Own own = sessions.start();
      DiskTables tables = new DiskTables(home, own.name(), lmdb, inheritance, blobs::settle, pace);
      return Store.of(home, blobs, tables, own);
    } catch (IOException | RuntimeException e) {
      lmdb.close();
      throw e;
    }
  }

  /** Others who use the file would not, if it were damaged; and it changes under our eyes. */
  private Optional<String> damage(Sessions.Found found) throws IOException {
    return found.alive() > 0
        ? Optional.empty()
        : LmdbFile.damage(Lmdb.file(home), !found.ended().isEmpty());
  }

  /**
   * What killed processes had reported done. Not what an earlier start of the machine left: its
   * blobs may be torn, and a few seconds' work is all there is to lose. Nothing is written here, so
   * that a store on a full disk can be opened, to collect it.
   */
  private DiskTables.Inheritance inheritance(Sessions sessions, List<Ended> ended)
      throws IOException {
    List<Rows.Change> changes = new ArrayList<>();
    for (Ended session : ended) {
      if (!session.boot().equals(home.boot())) {
        continue;
      }
      for (Path journal : Journal.of(home.path("sessions"), session.name())) {
        changes.addAll(Journal.read(journal));
      }
    }
    return new DiskTables.Inheritance(
        changes,
        () -> {
          for (Ended session : ended) {
            sessions.forget(session);
          }
        });
  }

  private void clearTemporaries() throws IOException {
    for (HostFiles.Name name : HostFiles.list(home.bytes("tmp"))) {
      HostFiles.unlink(home.bytes("tmp/" + HostFiles.text(name.bytes())));
    }
  }
}

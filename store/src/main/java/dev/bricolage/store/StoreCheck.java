package dev.bricolage.store;

import dev.bricolage.store.BlobFiles.BlobFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Reads everything a store holds and removes what is damaged. */
public final class StoreCheck {
  private final BlobFiles files;
  private final DiskTables tables;

  /**
   * What a check found.
   *
   * @param files blob files read
   * @param bytes bytes in them
   * @param damagedFiles how many were damaged and are removed
   * @param rows rows of the database read
   * @param damagedRows how many were damaged and are removed
   */
  public record Report(long files, long bytes, long damagedFiles, long rows, long damagedRows) {
    /** Whether nothing was damaged. */
    public boolean isSound() {
      return damagedFiles == 0 && damagedRows == 0;
    }
  }

  StoreCheck(BlobFiles files, DiskTables tables) {
    this.files = files;
    this.tables = tables;
  }

  /** Checks everything; tells each finding in a sentence as it is found. */
  public Report run(Consumer<String> findings) throws IOException {
    AtomicLong count = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    AtomicLong damaged = new AtomicLong();
    files.each(file -> {
      count.incrementAndGet();
      bytes.addAndGet(file.stat().size());
      if (!files.isWhole(file)) {
        damaged.incrementAndGet();
        drop(file, findings);
      }
    });
    Lmdb.Seen rows = tables.inspect(lmdb -> lmdb.check(findings));
    return new Report(count.get(), bytes.get(), damaged.get(), rows.read(), rows.damaged());
  }

  private void drop(BlobFile file, Consumer<String> findings) throws IOException {
    files.remove(file);
    findings.accept(
        "blob %s of %d bytes was damaged and is removed"
            .formatted(file.digest().hex(), file.stat().size()));
  }
}

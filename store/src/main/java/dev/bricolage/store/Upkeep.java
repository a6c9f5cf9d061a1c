package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The housekeeping that only a store on disk needs. */
interface Upkeep {
  Lease lease();

  StoreGc.Report gc(long budgetBytes);

  StoreCheck.Report verify(Consumer<String> findings);

  StoreSize size();

  void list(Consumer<Digest> visitor);

  Optional<Glance> glance(Digest digest);

  /** The store is closed; {@code well} when all of it is on the disk. */
  void end(boolean well);

  /** Memory has no files to keep, and forgets nothing for being old. */
  static Upkeep ofMemory(Blobs blobs) {
    return new Upkeep() {
      @Override
      public Lease lease() {
        return () -> {};
      }

      @Override
      public StoreGc.Report gc(long budgetBytes) {
        return new StoreGc.Report(0, 0, 0, 0, 0);
      }

      @Override
      public StoreCheck.Report verify(Consumer<String> findings) {
        return new StoreCheck.Report(0, 0, 0, 0, 0);
      }

      @Override
      public StoreSize size() {
        return new StoreSize(List.of());
      }

      @Override
      public void list(Consumer<Digest> visitor) {}

      @Override
      public Optional<Glance> glance(Digest digest) {
        return blobs.read(digest).map(bytes -> new Glance(bytes, Instant.MAX));
      }

      @Override
      public void end(boolean well) {}
    };
  }
}

package dev.bricolage.store;

import dev.bricolage.store.BlobFiles.BlobFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Removes the blobs that were not used for the longest time until the rest fits a budget. Safe
 * beside running builds, of other processes too: what was used within {@link #GRACE} stays (a use
 * is marked at least every quarter of an hour), and so does what a {@link Lease} of this process
 * covers. Traces may go on naming what is removed: it is then missing and made again.
 */
public final class StoreGc {
  /** How long after its last use a blob stays in any case. */
  public static final Duration GRACE = Duration.ofHours(1);

  /** Kernel time stamps may be a tick behind the clock that programs read. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final BlobFiles files;
  private final Leases leases;
  private final Clock clock;

  /**
   * What a collection found and did.
   *
   * @param files blob files before
   * @param bytes bytes in them
   * @param removedFiles how many were removed
   * @param removedBytes bytes in those
   * @param keptBytes bytes above the budget that stay because they were used a short while ago
   */
  public record Report(
      long files, long bytes, long removedFiles, long removedBytes, long keptBytes) {}

  StoreGc(BlobFiles files, Leases leases, Clock clock) {
    this.files = files;
    this.leases = leases;
    this.clock = clock;
  }

  /** Removes blobs, least recently used first, until at most {@code budgetBytes} are left. */
  public Report run(long budgetBytes) throws IOException {
    List<BlobFile> all = new ArrayList<>();
    files.each(all::add);
    long bytes = all.stream().mapToLong(f -> f.stat().size()).sum();
    long cutoff = cutoff();
    long left = bytes;
    long removed = 0;
    for (BlobFile file :
        all.stream().sorted(Comparator.comparingLong(f -> f.stat().atime())).toList()) {
      if (left <= budgetBytes || file.stat().atime() >= cutoff) {
        break;
      }
      if (files.removeUnused(file)) {
        left -= file.stat().size();
        removed++;
      }
    }
    return new Report(all.size(), bytes, removed, bytes - left, Math.max(0, left - budgetBytes));
  }

  /** Blobs last used before this may go; in nanoseconds since 1970. */
  private long cutoff() {
    Instant graced = clock.instant().minus(GRACE);
    Instant leased =
        leases.oldest().map(start -> start.minusNanos(LastUse.RENEW).minus(TICK)).orElse(graced);
    Instant earlier = leased.isBefore(graced) ? leased : graced;
    return earlier.getEpochSecond() * 1_000_000_000L + earlier.getNano();
  }
}

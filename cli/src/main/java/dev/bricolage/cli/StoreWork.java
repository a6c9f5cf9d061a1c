package dev.bricolage.cli;

import dev.bricolage.action.Digest;
import dev.bricolage.cli.serve.Serving;
import dev.bricolage.store.Store;
import dev.bricolage.store.StoreCheck;
import dev.bricolage.store.StoreGc;
import dev.bricolage.store.StoreSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** {@code bric store}: looks inside, checks, makes room. */
final class StoreWork {
  /** What {@code gc} leaves when no budget is given, bytes. */
  static final long BUDGET = 20L << 30;

  private static final int HASH_DIGITS = 64;

  private final Store store;
  private final Session session;

  StoreWork(Store store, Session session) {
    this.store = store;
    this.session = session;
  }

  int of(StoreOptions options) throws Failure, IOException {
    return switch (options) {
      case StoreOptions.Stat stat -> stat(stat.json());
      case StoreOptions.Verify verify -> verify(verify.json());
      case StoreOptions.Gc gc -> gc(gc.budget().orElse(BUDGET), gc.json());
      case StoreOptions.Cat cat -> cat(cat.digest());
      case StoreOptions.Ls ls -> list();
    };
  }

  private int stat(boolean json) {
    store.sync();
    StoreSize size = store.size();
    if (json) {
      session.print(History.pretty(size));
      return 0;
    }
    StringBuilder text = new StringBuilder("%s%n".formatted(store.home()));
    for (StoreSize.Kind kind : size.kinds()) {
      text.append("%10d  %10s  %s%n".formatted(kind.count(), readable(kind.bytes()), kind.name()));
    }
    session.print(
        text.append("%10s  %10s  in all%n".formatted("", readable(size.bytes()))).toString());
    return 0;
  }

  private int verify(boolean json) {
    store.sync();
    StoreCheck.Report report = store.verify(finding -> session.tell(finding));
    if (json) {
      session.print(History.pretty(report));
    } else {
      session.print(
          "%d blobs (%s) and %d rows read: %s%n"
              .formatted(
                  report.files(),
                  readable(report.bytes()),
                  report.rows(),
                  report.isSound()
                      ? "all sound"
                      : "%s and %s removed"
                          .formatted(
                              counted(report.damagedFiles(), "damaged blob"),
                              counted(report.damagedRows(), "damaged row"))));
    }
    return report.isSound() ? 0 : 1;
  }

  /** As {@code --json} has it. */
  private record Collected(
      long files,
      long bytes,
      long removedFiles,
      long removedBytes,
      long keptBytes,
      long forgottenResults) {
    Collected(StoreGc.Report blobs, long forgottenResults) {
      this(
          blobs.files(),
          blobs.bytes(),
          blobs.removedFiles(),
          blobs.removedBytes(),
          blobs.keptBytes(),
          forgottenResults);
    }
  }

  private int gc(long budget, boolean json) {
    StoreGc.Report report = store.gc(budget);
    long forgotten = Serving.forgetResults(store, InstantSource.system());
    if (json) {
      session.print(History.pretty(new Collected(report, forgotten)));
      return 0;
    }
    String kept =
        report.keptBytes() == 0
            ? ""
            : ", %s over the budget stay because they were used within the last hour"
                .formatted(readable(report.keptBytes()));
    session.print(
        "%d of %d blobs removed, %s freed%s%s%n"
            .formatted(
                report.removedFiles(),
                report.files(),
                readable(report.removedBytes()),
                kept,
                forgotten == 0
                    ? ""
                    : "; %s of 'bric serve' forgotten".formatted(counted(forgotten, "result"))));
    return 0;
  }

  private int list() {
    TreeSet<Digest> digests = new TreeSet<>();
    store.list(digests::add);
    PrintWriter out = session.printer();
    digests.forEach(digest -> out.print(digest + "\n"));
    out.flush();
    return 0;
  }

  private int cat(String name) throws Failure, IOException {
    Digest digest = named(name);
    Optional<InputStream> blob = store.blobs().open(digest);
    if (blob.isEmpty()) {
      throw new Failure(ExitStatus.NO_INPUT, "the store has no blob " + name);
    }
    try (InputStream bytes = blob.get()) {
      bytes.transferTo(session.stdout());
    }
    return 0;
  }

  /** A digest in full, or the beginning of a hash that only one blob has. */
  private Digest named(String name) throws Failure {
    if (name.indexOf('/') == HASH_DIGITS) {
      try {
        return Digest.parse(name);
      } catch (IllegalArgumentException e) {
        throw new Failure(ExitStatus.USAGE, name + " is not a digest: 64 hex digits, '/', size", e);
      }
    }
    TreeSet<Digest> matching = new TreeSet<>();
    store.list(digest -> {
      if (digest.hex().startsWith(name)) {
        matching.add(digest);
      }
    });
    if (matching.isEmpty()) {
      throw new Failure(ExitStatus.NO_INPUT, "the store has no blob " + name);
    }
    if (matching.size() > 1) {
      throw new Failure(
          ExitStatus.USAGE,
          "%s names %d blobs: %s ...; give more digits"
              .formatted(name, matching.size(), List.copyOf(matching).getFirst().hex()));
    }
    return matching.getFirst();
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Bytes as people read them. */
  private static String readable(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : "%.1f %s".formatted(value, units[unit]);
  }
}

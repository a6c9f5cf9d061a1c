package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.trace.TraceNodes;
import dev.bricolage.store.host.DiskFull;
import dev.bricolage.store.host.FileLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Everything that outlasts a daemon, under one folder. Opening it mends what a killed process or a
 * crashed machine left: see {@code docs/design/store.md}. Several processes may have it open, one
 * process only once.
 */
public final class Store implements AutoCloseable {
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofSeconds(5);

  private final Path home;
  private final Blobs blobs;
  private final Tables tables;
  private final Runs runs;
  private final FileDigests files;
  private final Upkeep upkeep;

  private Store(Path home, Blobs blobs, Tables tables, Runs.Counter ids, Upkeep upkeep) {
    this.home = home;
    this.blobs = blobs;
    this.tables = tables;
    this.runs = new Runs(tables, ids);
    this.files = new FileDigests(tables, Clock.systemUTC());
    this.upkeep = upkeep;
  }

  /**
   * Opens the store under {@code home}, made if it is not there.
   *
   * @param warnings told, in a sentence for people, what was lost or could not be written
   * @throws StoreException when its format is newer or its folder cannot be used
   */
  public static Store open(Path home, Consumer<String> warnings) {
    Home place = Home.at(home);
    if (!OPEN.add(place.root())) {
      throw new IllegalStateException("the store is open in this process already: " + place.root());
    }
    try {
      return Opening.of(place, warnings, new Flusher.Pace(QUIET, LATEST, warnings));
    } catch (DiskFull e) {
      OPEN.remove(place.root());
      throw new NoSpace(place.root(), e);
    } catch (IOException e) {
      OPEN.remove(place.root());
      throw new StoreException(
          "cannot open the store %s: %s".formatted(place.root(), Home.reason(e)), e);
    } catch (RuntimeException e) {
      OPEN.remove(place.root());
      throw e;
    }
  }

  /** A store in memory, for tests: nothing of it outlasts it. */
  public static Store memory() {
    AtomicLong ids = new AtomicLong();
    Blobs blobs = new MemoryBlobs();
    return new Store(
        Path.of("memory"),
        blobs,
        new MemoryTables(),
        above -> ids.accumulateAndGet(above, (id, least) -> Math.max(id, least) + 1),
        Upkeep.ofMemory(blobs));
  }

  static Store of(Home home, DiskBlobs blobs, DiskTables tables, Sessions.Own session) {
    Upkeep upkeep = new DiskUpkeep(home, tables, session);
    return new Store(home.root(), blobs, tables, new RunCounter(home), upkeep);
  }

  /** Its folder. */
  public Path home() {
    return home;
  }

  /** Bytes by digest. */
  public Blobs blobs() {
    return blobs;
  }

  /** The nodes of trace trees. */
  public TraceNodes traces() {
    return new StoredNodes(tables);
  }

  /** Digests of host files. */
  public FileDigests files() {
    return files;
  }

  /** What was written back into workspaces. */
  public Products products() {
    return new Products(tables);
  }

  /** What a server keeps for its tenants, by the name of what it is. */
  public Shelf shelf(String name) {
    return new Shelf(tables, name);
  }

  /** The history. */
  public Runs runs() {
    return runs;
  }

  /**
   * Returns when everything put and recorded before this call would survive a crash of the machine.
   * It happens by itself within seconds; a process that is killed loses nothing in any case.
   */
  public void sync() {
    tables.sync();
  }

  /** A build begins: see {@link Lease}. */
  public Lease lease() {
    return upkeep.lease();
  }

  /**
   * Removes blobs, least recently used first, until at most {@code budgetBytes} are left: see
   * {@link StoreGc}.
   */
  public StoreGc.Report gc(long budgetBytes) {
    return upkeep.gc(budgetBytes);
  }

  /** Reads everything and removes what is damaged, telling each finding in a sentence. */
  public StoreCheck.Report verify(Consumer<String> findings) {
    return upkeep.verify(findings);
  }

  /** How much there is of what. */
  public StoreSize size() {
    return upkeep.size();
  }

  /** Shows the digest of every blob, in no order. */
  public void list(Consumer<Digest> visitor) {
    upkeep.list(visitor);
  }

  /** A blob as it lies there; unlike reading it, looking does not count as a use. */
  public Optional<Glance> glance(Digest digest) {
    return upkeep.glance(digest);
  }

  /** Writes what is left and lets go of the folder. */
  @Override
  public void close() {
    boolean well = false;
    try {
      tables.close();
      well = true;
    } finally {
      upkeep.end(well);
      OPEN.remove(home);
    }
  }

  /** Held while a store is opened, so that only one process mends. */
  static FileLock openLock(Home home) throws IOException {
    return FileLock.take(home.bytes("open.lock"));
  }
}

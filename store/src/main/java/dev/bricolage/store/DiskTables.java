package dev.bricolage.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tables in an LMDB file, written behind a journal. A transaction costs one {@code write(2)} into
 * the journal and is then visible, and safe from the death of the process; a moment later {@link
 * Flusher} takes many of them to the disk at once:
 *
 * <ol>
 *   <li>seal the layer of changes and start a new one with a new journal,
 *   <li>take all blobs to the disk (so before any trace that names them),
 *   <li>commit the sealed layer to LMDB, synced,
 *   <li>drop the sealed layer and its journal.
 * </ol>
 *
 * <p>Readers look into the current layer, the sealed one, then the file. Given up: a commit to LMDB
 * for each transaction, whose two syncs cost milliseconds on an honest disk; and LMDB without sync,
 * which a crash of the machine may corrupt.
 */
final class DiskTables implements Tables {
  /** Above this many bytes in memory, writers wait for the disk. */
  private static final long BACKLOG_BYTES = 64 << 20;

  /** The changes that are not in the file yet. */
  private record Layers(Rows current, Rows sealed) {}

  private final Home home;
  private final String session;
  private final Lmdb lmdb;
  private final Step settleBlobs;
  private final Flusher flusher;

  private final ReentrantLock writer = new ReentrantLock();
  private final ReentrantLock flush = new ReentrantLock();

  /** Makes a transaction's changes appear at once to those who read several keys. */
  private final StampedLock appearing = new StampedLock();

  private volatile Layers layers = new Layers(new Rows(), new Rows());
  private Journal journal;
  private List<Journal> sealedJournals = new ArrayList<>();
  private int journals;

  /** What is to be done once the first sealed layer is in the database. */
  private Step inherited;

  /** Something to do at a certain moment. */
  interface Step {
    void now() throws IOException;
  }

  /**
   * What killed processes left in their journals.
   *
   * @param changes their transactions, oldest first
   * @param written removes the journals, when the database has them
   */
  record Inheritance(List<Rows.Change> changes, Step written) {
    static final Inheritance NONE = new Inheritance(List.of(), () -> {});
  }

  /**
   * Tables in {@code lmdb}, with a journal of this session.
   *
   * @param settleBlobs takes the blobs put so far to the disk
   */
  DiskTables(
      Home home,
      String session,
      Lmdb lmdb,
      Inheritance inheritance,
      Step settleBlobs,
      Flusher.Pace pace)
      throws IOException {
    this.home = home;
    this.session = session;
    this.lmdb = lmdb;
    this.settleBlobs = settleBlobs;
    this.inherited = inheritance.written();
    this.journal = nextJournal();
    this.flusher = new Flusher(this::flush, pace);
    layers.sealed.setAll(inheritance.changes());
    flusher.wake();
  }

  private Journal nextJournal() throws IOException {
    Path path = home.path("sessions/" + session + "." + journals++ + ".journal");
    return new Journal(home, path);
  }

  @Override
  public Optional<byte[]> get(Table table, byte[] key) {
    Layers now = layers;
    Optional<Optional<byte[]>> pending =
        consistently(() -> now.current.get(table, key).or(() -> now.sealed.get(table, key)));
    return pending.orElseGet(() -> lmdb.get(table, key));
  }

  private <T> T consistently(Supplier<T> question) {
    long stamp = appearing.tryOptimisticRead();
    T answer = question.get();
    if (stamp != 0 && appearing.validate(stamp)) {
      return answer;
    }
    stamp = appearing.readLock();
    try {
      return question.get();
    } finally {
      appearing.unlockRead(stamp);
    }
  }

  @Override
  public List<Row> rows(Table table, byte[] prefix, Order order, int limit) {
    Layers now = layers;
    NavigableMap<byte[], Optional<byte[]>> pending = new TreeMap<>(Arrays::compareUnsigned);
    pending.putAll(now.sealed.startingWith(table, prefix));
    pending.putAll(now.current.startingWith(table, prefix));
    long enough = Math.min(Integer.MAX_VALUE, (long) limit + pending.size());
    NavigableMap<byte[], Optional<byte[]>> merged = new TreeMap<>(Arrays::compareUnsigned);
    lmdb.rows(table, prefix, order, (int) enough)
        .forEach(row -> merged.put(row.key(), Optional.of(row.value())));
    merged.putAll(pending);
    List<Row> rows = new ArrayList<>();
    (order == Order.UP ? merged : merged.descendingMap())
        .forEach((key, value) -> value.ifPresent(v -> rows.add(new Row(key, v))));
    return List.copyOf(rows.subList(0, Math.min(limit, rows.size())));
  }

  @Override
  public void update(Change change) {
    writer.lock();
    try {
      Edits edits = new Edits(this);
      change.in(edits);
      List<Rows.Change> changes = edits.changes();
      if (changes.isEmpty()) {
        return;
      }
      journal.append(changes);
      appear(changes);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      writer.unlock();
    }
    tellFlusher();
  }

  private void appear(List<Rows.Change> changes) {
    long stamp = appearing.writeLock();
    try {
      layers.current.setAll(changes);
    } finally {
      appearing.unlockWrite(stamp);
    }
  }

  @Override
  public void note(Table table, byte[] key, byte[] value) {
    Edits.checkKey(key);
    writer.lock();
    try {
      layers.current.set(table, key, Optional.of(value));
    } finally {
      writer.unlock();
    }
    tellFlusher();
  }

  private void tellFlusher() {
    if (layers.current.bytes() > BACKLOG_BYTES) {
      flush();
    } else {
      flusher.wake();
    }
  }

  @Override
  public void sync() {
    flush();
  }

  /** Takes everything written before this call to the disk. */
  private void flush() {
    flush.lock();
    try {
      if (!layers.sealed.isEmpty()) {
        drain(); // what an earlier attempt could not
      }
      seal();
      drain();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      flush.unlock();
    }
  }

  private void seal() throws IOException {
    writer.lock();
    try {
      if (layers.current.isEmpty()) {
        return;
      }
      Journal next = nextJournal();
      sealedJournals.add(journal);
      journal = next;
      layers = new Layers(new Rows(), layers.current);
    } finally {
      writer.unlock();
    }
  }

  private void drain() throws IOException {
    settleBlobs.now();
    List<Rows.Change> changes = layers.sealed.changes();
    if (!changes.isEmpty()) {
      lmdb.apply(changes);
    }
    writer.lock();
    try {
      layers = new Layers(layers.current, new Rows());
    } finally {
      writer.unlock();
    }
    for (Journal done : sealedJournals) {
      done.delete();
    }
    sealedJournals = new ArrayList<>();
    inherited.now();
    inherited = () -> {};
  }

  /** What the file itself holds, for the curious: see {@link Lmdb#size}. */
  <T> T inspect(Function<Lmdb, T> question) {
    return question.apply(lmdb);
  }

  private StoreException failed(IOException e) {
    return new StoreException(
        "the store %s cannot be written: %s".formatted(home.root(), Home.reason(e)), e);
  }

  /** Takes what is left to the disk; what it cannot stays in the journal for the next to open. */
  @Override
  public void close() {
    flusher.close();
    try {
      flush();
      journal.delete();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      lmdb.close();
    }
  }
}

package dev.bricolage.store;

import dev.bricolage.store.Tables.Order;
import dev.bricolage.store.Tables.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The tables in one LMDB file. Its flags are the safe ones: a commit syncs data, then the page that
 * makes it valid, so whenever the machine stops, the file is the last commit's or the one before.
 * {@code MDB_NOTLS} because virtual threads have no thread to keep a reader slot on; {@code
 * MDB_NOSUBDIR} because one file is enough.
 *
 * <p>A file that LMDB finds damaged is moved aside and begun anew: everything in it can be computed
 * again.
 */
final class Lmdb implements AutoCloseable {
  /** Address space, not disk: the file grows as it is used. Tried in turn, for ulimits. */
  private static final long[] MAP_BYTES = {64L << 30, 8L << 30, 1L << 30};

  private static final int MAX_READERS = 1024;

  private final Path file;
  private final Home home;
  private final Consumer<String> warnings;

  /** Readers share it; whoever replaces the file holds it alone. */
  private final ReadWriteLock replacing = new ReentrantReadWriteLock();

  private Env<byte[]> env;

  /** Counts the replacements, for many threads may find the same damage. */
  private final AtomicInteger generation = new AtomicInteger();

  private Map<Table, Dbi<byte[]>> tables;

  /**
   * Opens the file, or begins a new one.
   *
   * @param damage what {@link LmdbFile} found wrong with it
   */
  Lmdb(Home home, Optional<String> damage, Consumer<String> warnings) {
    this.home = home;
    this.file = file(home);
    this.warnings = warnings;
    damage.ifPresent(this::moveAside);
    Env<byte[]> opened;
    try {
      opened = open();
      this.tables = tables(opened);
    } catch (LmdbException e) {
      moveAside(Home.reason(e));
      opened = open();
      this.tables = tables(opened);
    }
    this.env = opened;
    env.readerCheck(); // slots of killed processes would keep old pages from being used again
  }

  /** Where the file is. */
  static Path file(Home home) {
    return home.path("traces.lmdb");
  }

  private Env<byte[]> open() {
    for (int i = 0; ; i++) {
      try {
        return Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(MAP_BYTES[i])
            .setMaxDbs(Table.values().length)
            .setMaxReaders(MAX_READERS)
            .open(file.toFile(), 0600, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS);
      } catch (LmdbException e) {
        if (i + 1 == MAP_BYTES.length || !Home.reason(e).contains("Cannot allocate memory")) {
          throw e;
        }
      }
    }
  }

  private static Map<Table, Dbi<byte[]>> tables(Env<byte[]> env) {
    Map<Table, Dbi<byte[]>> tables = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      tables.put(table, env.openDbi(table.title(), DbiFlags.MDB_CREATE));
    }
    return tables;
  }

  /** Keeps a damaged file for whoever wants to look at it, and one such file at most. */
  private void moveAside(String why) {
    Path aside = home.path("traces.lmdb.damaged");
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(home.path("traces.lmdb-lock"));
    } catch (IOException e) {
      throw new StoreException(
          "the store's database %s is damaged (%s) and cannot be moved aside: %s"
              .formatted(file, why, Home.reason(e)),
          e);
    }
    warnings.accept(
        "the store's database was damaged (%s): moved to %s, what was remembered is forgotten"
            .formatted(why, aside));
  }

  Optional<byte[]> get(Table table, byte[] key) {
    return reading(txn -> Optional.ofNullable(table(table).get(txn, key)), Optional.<byte[]>empty())
        .flatMap(sealed -> Sealed.open(table, key, sealed));
  }

  /** Up to {@code limit} rows with this prefix. */
  List<Row> rows(Table table, byte[] prefix, Order order, int limit) {
    return reading(
        txn -> order == Order.UP ? up(txn, table, prefix, limit) : down(txn, table, prefix, limit),
        List.of());
  }

  private List<Row> up(Txn<byte[]> txn, Table table, byte[] prefix, int limit) {
    List<Row> rows = new ArrayList<>();
    try (Cursor<byte[]> cursor = table(table).openCursor(txn)) {
      boolean more = prefix.length == 0 ? cursor.first() : cursor.get(prefix, GetOp.MDB_SET_RANGE);
      while (more && rows.size() < limit && startsWith(cursor.key(), prefix)) {
        add(table, cursor, rows);
        more = cursor.next();
      }
    }
    return rows;
  }

  private List<Row> down(Txn<byte[]> txn, Table table, byte[] prefix, int limit) {
    List<Row> rows = new ArrayList<>();
    try (Cursor<byte[]> cursor = table(table).openCursor(txn)) {
      boolean more = last(cursor, prefix);
      while (more && rows.size() < limit && startsWith(cursor.key(), prefix)) {
        add(table, cursor, rows);
        more = cursor.prev();
      }
    }
    return rows;
  }

  private static boolean last(Cursor<byte[]> cursor, byte[] prefix) {
    Optional<byte[]> end = Rows.end(prefix);
    boolean beyond = end.isPresent() && cursor.get(end.get(), GetOp.MDB_SET_RANGE);
    return beyond ? cursor.prev() : cursor.last();
  }

  private static void add(Table table, Cursor<byte[]> cursor, List<Row> rows) {
    byte[] key = cursor.key();
    Sealed.open(table, key, cursor.val()).ifPresent(value -> rows.add(new Row(key, value)));
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** What {@link #check} saw. */
  record Seen(long read, long damaged) {}

  /** Reads every row; removes and tells of those whose checksum is wrong. */
  Seen check(Consumer<String> findings) {
    long read = 0;
    List<Rows.Change> damaged = new ArrayList<>();
    for (Table table : Table.values()) {
      read += reading(txn -> check(txn, table, damaged), 0L);
    }
    if (!damaged.isEmpty()) {
      apply(damaged);
      findings.accept(damaged.size() + " rows of the database were damaged and are removed");
    }
    return new Seen(read, damaged.size());
  }

  private long check(Txn<byte[]> txn, Table table, List<Rows.Change> damaged) {
    long read = 0;
    try (Cursor<byte[]> cursor = table(table).openCursor(txn)) {
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        read++;
        if (Sealed.open(table, cursor.key(), cursor.val()).isEmpty()) {
          damaged.add(new Rows.Change(table, cursor.key(), Optional.empty()));
        }
      }
    }
    return read;
  }

  /** How many rows a table has, and the bytes of the pages they are on. */
  long[] size(Table table) {
    return reading(
        txn -> {
          var stat = table(table).stat(txn);
          long pages = stat.branchPages + stat.leafPages + stat.overflowPages;
          return new long[] {stat.entries, pages * stat.pageSize};
        },
        new long[2]);
  }

  private <T> T reading(Function<Txn<byte[]>, T> question, T otherwise) {
    int used = generation.get();
    replacing.readLock().lock();
    try (Txn<byte[]> txn = env.txnRead()) {
      return question.apply(txn);
    } catch (LmdbException e) {
      if (!isDamage(e)) {
        throw failed(e);
      }
    } finally {
      replacing.readLock().unlock();
    }
    startOver(used);
    return otherwise;
  }

  /** Does all of these changes in one transaction, on the disk when this returns. */
  void apply(List<Rows.Change> changes) {
    int used = generation.get();
    if (!tryApply(changes)) {
      startOver(used);
      if (!tryApply(changes)) {
        throw new StoreException(
            "the store's database %s is damaged as soon as it is begun: is its disk failing?"
                .formatted(file));
      }
    }
  }

  /** Returns whether the database was sound enough. */
  private boolean tryApply(List<Rows.Change> changes) {
    replacing.readLock().lock();
    try (Txn<byte[]> txn = env.txnWrite()) {
      changes.forEach(change -> apply(txn, change));
      txn.commit();
      return true;
    } catch (LmdbException e) {
      if (!isDamage(e)) {
        throw failed(e);
      }
      return false;
    } finally {
      replacing.readLock().unlock();
    }
  }

  private void apply(Txn<byte[]> txn, Rows.Change change) {
    Dbi<byte[]> table = table(change.table());
    if (change.value().isEmpty()) {
      table.delete(txn, change.key());
      return;
    }
    table.put(txn, change.key(), Sealed.seal(change.table(), change.key(), change.value().get()));
  }

  private static boolean isDamage(LmdbException e) {
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "PageCorruptedException",
          "PageNotFoundException",
          "PanicException",
          "PageFullException",
          "FileInvalidException",
          "BadDbiException",
          "VersionMismatchException" ->
          true;
      default -> false;
    };
  }

  /** Replaces a database that proved damaged while it was used. */
  private void startOver(int used) {
    replacing.writeLock().lock();
    try {
      if (!generation.compareAndSet(used, used + 1)) {
        return;
      }
      env.close();
      moveAside("found while it was used");
      env = open();
      tables = tables(env);
    } finally {
      replacing.writeLock().unlock();
    }
  }

  private StoreException failed(LmdbException e) {
    String reason = Home.reason(e);
    if (e instanceof Env.MapFullException
        || reason.contains("No space left")
        || home.root().toFile().getUsableSpace() < 1 << 20) {
      return new NoSpace(home.root(), e);
    }
    return new StoreException(
        "the store's database %s cannot be used: %s".formatted(file, reason), e);
  }

  private Dbi<byte[]> table(Table table) {
    Dbi<byte[]> found = tables.get(table);
    if (found == null) {
      throw new IllegalStateException("no table " + table);
    }
    return found;
  }

  @Override
  public void close() {
    replacing.writeLock().lock();
    try {
      env.close();
    } finally {
      replacing.writeLock().unlock();
    }
  }
}

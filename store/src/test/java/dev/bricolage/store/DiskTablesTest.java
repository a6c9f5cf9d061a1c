package dev.bricolage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTablesTest extends TablesContract {
  private static final Duration NEVER = Duration.ofDays(1);

  private final List<String> warnings = new ArrayList<>();
  private final List<String> order = new ArrayList<>();
  @TempDir Path folder;
  private Home home;
  private DiskTables tables;

  @BeforeEach
  void open() throws IOException {
    home = Home.at(folder.resolve("home"));
    home.prepare();
    tables = tables("test");
  }

  private DiskTables tables(String session) throws IOException {
    Lmdb lmdb = new Lmdb(home, Optional.empty(), warnings::add);
    return new DiskTables(
        home,
        session,
        lmdb,
        DiskTables.Inheritance.NONE,
        () -> order.add("blobs"),
        new Flusher.Pace(NEVER, NEVER, warnings::add));
  }

  @AfterEach
  void close() {
    tables.close();
    assertEquals(List.of(), warnings);
  }

  @Override
  Tables tables() {
    return tables;
  }

  private List<Rows.Change> journals() throws IOException {
    List<Rows.Change> changes = new ArrayList<>();
    for (Path journal : Journal.of(home.path("sessions"), "test")) {
      changes.addAll(Journal.read(journal));
    }
    return changes;
  }

  @Test
  void aTransactionIsInTheJournalUntilItIsInTheDatabase() throws IOException {
    tables.update(edit -> edit.put(Table.RUNS, bytes("k"), bytes("v")));
    Rows.Change change = journals().get(0);
    assertEquals(Table.RUNS, change.table());
    assertArrayEquals(bytes("k"), change.key());
    assertArrayEquals(bytes("v"), change.value().orElseThrow());
    assertEquals(List.of(), order);
    tables.sync();
    assertEquals(List.of(), journals());
    assertEquals(List.of("blobs"), order, "blobs go to the disk first");
    assertArrayEquals(
        bytes("v"), tables.inspect(lmdb -> lmdb.get(Table.RUNS, bytes("k"))).orElseThrow());
  }

  @Test
  void theFlusherWritesByItself() throws Exception {
    tables.close();
    CountDownLatch settled = new CountDownLatch(1);
    Lmdb lmdb = new Lmdb(home, Optional.empty(), warnings::add);
    tables =
        new DiskTables(
            home,
            "own",
            lmdb,
            DiskTables.Inheritance.NONE,
            settled::countDown,
            new Flusher.Pace(Duration.ofMillis(1), Duration.ofMillis(5), warnings::add));
    tables.update(edit -> edit.put(Table.RUNS, bytes("k"), bytes("v")));
    settled.await();
  }
}

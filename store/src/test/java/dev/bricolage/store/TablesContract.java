package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.store.Tables.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every {@link Tables} does. */
abstract class TablesContract {
  private static final byte[] ALL = new byte[0];

  /** The tables under test, empty. */
  abstract Tables tables();

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void put(String key, String value) {
    tables().update(edit -> edit.put(Table.META, bytes(key), bytes(value)));
  }

  private Optional<String> get(String key) {
    return tables().get(Table.META, bytes(key)).map(v -> new String(v, UTF_8));
  }

  private List<String> keys(byte[] prefix, Order order, int limit) {
    return tables().rows(Table.META, prefix, order, limit).stream()
        .map(row -> new String(row.key(), UTF_8))
        .toList();
  }

  @Test
  void whatIsPutIsThere() {
    put("a", "1");
    assertEquals(Optional.of("1"), get("a"));
    assertEquals(Optional.empty(), get("b"));
    assertEquals(Optional.empty(), tables().get(Table.NODES, bytes("a")), "tables are apart");
  }

  @Test
  void theLastValueCounts() {
    put("a", "1");
    tables().sync();
    put("a", "2");
    assertEquals(Optional.of("2"), get("a"));
    tables().sync();
    assertEquals(Optional.of("2"), get("a"));
  }

  @Test
  void removedIsRemoved() {
    put("a", "1");
    tables().sync();
    tables().update(edit -> edit.remove(Table.META, bytes("a")));
    assertEquals(Optional.empty(), get("a"));
    assertEquals(List.of(), keys(ALL, Order.UP, 9));
    tables().sync();
    assertEquals(Optional.empty(), get("a"));
  }

  @Test
  void emptyAndLongValues() {
    byte[] large = new byte[100_000];
    new Random(1).nextBytes(large);
    tables()
        .update(edit -> {
          edit.put(Table.META, bytes("empty"), new byte[0]);
          edit.put(Table.META, bytes("large"), large);
          edit.put(Table.META, new byte[511], bytes("long key"));
        });
    for (int i = 0; i < 2; i++) {
      assertEquals(Optional.of(""), get("empty"));
      assertArrayEquals(large, tables().get(Table.META, bytes("large")).orElseThrow());
      assertArrayEquals(bytes("long key"), tables().get(Table.META, new byte[511]).orElseThrow());
      tables().sync();
    }
  }

  @Test
  void aKeyHasItsBounds() {
    for (int size : new int[] {0, 512}) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> tables().update(edit -> edit.put(Table.META, new byte[size], new byte[1])));
      assertEquals("a key has 1 to 511 bytes, not " + size, e.getMessage());
    }
  }

  @Test
  void aTransactionSeesItself() {
    put("a", "1");
    tables()
        .update(edit -> {
          assertArrayEquals(bytes("1"), edit.get(Table.META, bytes("a")).orElseThrow());
          edit.put(Table.META, bytes("a"), bytes("2"));
          assertArrayEquals(bytes("2"), edit.get(Table.META, bytes("a")).orElseThrow());
          edit.remove(Table.META, bytes("a"));
          assertEquals(Optional.empty(), edit.get(Table.META, bytes("a")));
          assertEquals(Optional.of("1"), get("a"), "others see nothing of it yet");
        });
    assertEquals(Optional.empty(), get("a"));
  }

  @Test
  void aTransactionThatThrowsNeverWas() {
    assertThrows(
        IllegalStateException.class,
        () ->
            tables()
                .update(edit -> {
                  edit.put(Table.META, bytes("a"), bytes("1"));
                  throw new IllegalStateException("no");
                }));
    assertEquals(Optional.empty(), get("a"));
    put("a", "2");
    assertEquals(Optional.of("2"), get("a"), "and the next one works");
  }

  @Test
  void rowsComeInOrderFromEitherEnd() {
    for (String key : List.of("b2", "a", "b1", "c", "b3")) {
      put(key, key);
      if (key.equals("b1")) {
        tables().sync();
      }
    }
    assertEquals(List.of("a", "b1", "b2", "b3", "c"), keys(ALL, Order.UP, 9));
    assertEquals(List.of("c", "b3", "b2", "b1", "a"), keys(ALL, Order.DOWN, 9));
    assertEquals(List.of("b1", "b2"), keys(bytes("b"), Order.UP, 2));
    assertEquals(List.of("b3", "b2"), keys(bytes("b"), Order.DOWN, 2));
    assertEquals(List.of("c"), keys(bytes("c"), Order.DOWN, 2));
    assertEquals(List.of(), keys(bytes("d"), Order.DOWN, 2));
  }

  @Test
  void aPrefixOfAllOnesHasNoEnd() {
    byte[] ones = {-1, -1};
    tables().update(edit -> edit.put(Table.META, ones, bytes("1")));
    for (int i = 0; i < 2; i++) {
      assertEquals(1, tables().rows(Table.META, ones, Order.UP, 9).size());
      assertEquals(1, tables().rows(Table.META, new byte[] {-1}, Order.DOWN, 9).size());
      tables().sync();
    }
  }

  /** Random transactions and syncs, held against a map. */
  @Test
  void asAMapWould() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      TreeMap<String, String> model = new TreeMap<>();
      for (Tables.Row row : tables().rows(Table.META, ALL, Order.UP, Integer.MAX_VALUE)) {
        tables().update(edit -> edit.remove(Table.META, row.key()));
      }
      for (int step = 0; step < 200; step++) {
        step(random, model);
        if (random.nextInt(10) == 0) {
          tables().sync();
        }
        assertEquals(new ArrayList<>(model.keySet()), keys(ALL, Order.UP, 999), "seed " + seed);
      }
      model.forEach((key, value) -> assertEquals(Optional.of(value), get(key)));
    }
  }

  private void step(Random random, Map<String, String> model) {
    tables()
        .update(edit -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            String key = "k" + random.nextInt(40);
            if (random.nextInt(3) == 0) {
              edit.remove(Table.META, bytes(key));
              model.remove(key);
            } else {
              String value = "v" + random.nextInt();
              edit.put(Table.META, bytes(key), bytes(value));
              model.put(key, value);
            }
          }
        });
  }

  /** No increment is lost while others write and everything moves to the disk under them. */
  @Test
  void writersTakeTurnsAndReadersSeeWholeTransactions() throws Exception {
    int writers = 4;
    int each = 250;
    AtomicBoolean done = new AtomicBoolean();
    try (var executor = Executors.newCachedThreadPool()) {
      Future<?> syncing = executor.submit(() -> syncUntil(done));
      Future<?> reading = executor.submit(() -> readUntil(done));
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        jobs.add(executor.submit(() -> incrementBoth(each)));
      }
      for (Future<?> job : jobs) {
        job.get();
      }
      done.set(true);
      syncing.get();
      reading.get();
    }
    assertEquals(Optional.of("" + writers * each), get("first"));
    assertEquals(Optional.of("" + writers * each), get("second"));
  }

  private void incrementBoth(int times) {
    for (int i = 0; i < times; i++) {
      tables()
          .update(edit -> {
            for (String key : List.of("first", "second")) {
              String old =
                  edit.get(Table.META, bytes(key)).map(v -> new String(v, UTF_8)).orElse("0");
              edit.put(Table.META, bytes(key), bytes("" + (Integer.parseInt(old) + 1)));
            }
          });
    }
  }

  private void syncUntil(AtomicBoolean done) {
    while (!done.get()) {
      tables().sync();
    }
  }

  /** Who sees a transaction's second change sees its first. */
  private void readUntil(AtomicBoolean done) {
    while (!done.get()) {
      int second = get("second").map(Integer::parseInt).orElse(0);
      int first = get("first").map(Integer::parseInt).orElse(0);
      if (first < second) {
        throw new IllegalStateException("first is " + first + " though second was " + second);
      }
    }
  }

  @Test
  void notesAreRowsToo() {
    tables().note(Table.FILES, bytes("f"), bytes("1"));
    assertArrayEquals(bytes("1"), tables().get(Table.FILES, bytes("f")).orElseThrow());
    tables().sync();
    assertEquals(1, tables().rows(Table.FILES, ALL, Order.UP, 9).size());
  }
}

package dev.bricolage.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredHoldingsTest {
  private static final Digest SMALL = Digest.of("small");
  private static final Digest LARGE = Digest.of("larger than that");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(9_000));

  private StoredHoldings holdings(Store store) {
    return new StoredHoldings(store.shelf("holdings"), now::get);
  }

  @Test
  void whatIsLostIsLetGoOfAndNothingElse(@TempDir Path folder) {
    Set<Digest> stored = new HashSet<>(List.of(SMALL));
    try (Store store = Store.open(folder.resolve("home"), warning -> {})) {
      StoredHoldings holdings = holdings(store);
      holdings.add("team", List.of(SMALL, LARGE, SMALL));
      holdings.add("other", List.of(LARGE));
      assertEquals(SMALL.size() + LARGE.size(), holdings.bytes("team"));
      holdings.settle("team", stored::contains);
      assertEquals(SMALL.size(), holdings.bytes("team"));
      assertTrue(holdings.holds("team", SMALL));
      assertFalse(holdings.holds("team", LARGE));
      assertTrue(holdings.holds("other", LARGE));
      assertEquals(LARGE.size(), holdings.bytes("other"));
    }
    try (Store store = Store.open(folder.resolve("home"), warning -> {})) {
      StoredHoldings holdings = holdings(store);
      assertEquals(SMALL.size(), holdings.bytes("team"));
      assertFalse(holdings.holds("team", LARGE));
      assertEquals(LARGE.size(), holdings.bytes("other"));
    }
  }

  @Test
  void lookingAtAllIsDoneOnceAMinute() {
    try (Store store = Store.memory()) {
      StoredHoldings holdings = holdings(store);
      holdings.add("team", List.of(SMALL));
      holdings.settle("team", blob -> true);
      now.updateAndGet(time -> time.plusSeconds(59));
      holdings.settle("team", blob -> false);
      assertTrue(holdings.holds("team", SMALL));
      now.updateAndGet(time -> time.plusSeconds(1));
      holdings.settle("team", blob -> false);
      assertFalse(holdings.holds("team", SMALL));
      assertEquals(0, holdings.bytes("team"));
      holdings.add("team", List.of(SMALL));
      assertEquals(SMALL.size(), holdings.bytes("team"));
    }
  }
}

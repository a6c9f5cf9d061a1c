package dev.bricolage.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BurstTest {
  private static final long MILLISECOND = 1_000_000;

  @Test
  void itIsOverWhenItHasBeenQuietForAWhile() {
    Burst burst = new Burst();
    burst.changed(Path.of("a"), 0);
    assertEquals(20 * MILLISECOND, burst.remaining(0));
    burst.changed(Path.of("b"), 15 * MILLISECOND);
    assertEquals(15 * MILLISECOND, burst.remaining(20 * MILLISECOND));
    assertEquals(0, burst.remaining(35 * MILLISECOND));
  }

  @Test
  void whoNeverPausesIsHeardAllTheSame() {
    Burst burst = new Burst();
    for (int i = 0; i < 20; i++) {
      burst.changed(Path.of("log"), i * 10L * MILLISECOND);
    }
    assertEquals(10 * MILLISECOND, burst.remaining(190 * MILLISECOND));
    assertEquals(0, burst.remaining(200 * MILLISECOND));
  }

  @Test
  void aPathThatChangesOftenChangedOnce() {
    Burst burst = new Burst();
    burst.changed(Path.of("a"), 0);
    burst.changed(Path.of("b"), 1);
    burst.changed(Path.of("a"), 2);
    assertEquals(Set.of(Path.of("a"), Path.of("b")), burst.paths());
    assertFalse(burst.comparesAll());
  }

  @Test
  void moreThanTenThousandPathsAreAllPaths() {
    Burst burst = new Burst();
    for (int i = 0; i < 10_000; i++) {
      burst.changed(Path.of("file-" + i), i);
    }
    assertFalse(burst.comparesAll());
    burst.changed(Path.of("one more"), 10_000);
    assertTrue(burst.comparesAll());
    burst.changed(Path.of("and another"), 10_001);
    assertEquals(Set.of(), burst.paths());
  }

  @Test
  void theFirstReasonOfALossIsTold() {
    Burst burst = new Burst();
    assertTrue(burst.isEmpty());
    assertEquals(Optional.empty(), burst.lost());
    burst.lost("overflow", 0);
    burst.lost("later", 1);
    assertEquals(Optional.of("overflow"), burst.lost());
    assertTrue(burst.comparesAll());
    assertFalse(burst.isEmpty());
  }
}

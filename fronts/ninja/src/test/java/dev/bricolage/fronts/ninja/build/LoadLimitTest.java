package dev.bricolage.fronts.ninja.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadLimitTest {
  @TempDir Path folder;

  private boolean isReached(double most, String load) throws Exception {
    Path source = folder.resolve("loadavg");
    Files.writeString(source, load);
    return new LoadLimit(most, source).isReached();
  }

  @Test
  void theLastMinuteCounts() throws Exception {
    String load = "2.50 9.00 0.10 3/1234 5678\n";
    assertEquals(true, isReached(2.5, load));
    assertEquals(true, isReached(0.01, load));
    assertEquals(false, isReached(2.51, load));
  }

  @Test
  void withoutALimitNoLoadIsTooHigh() throws Exception {
    assertFalse(isReached(0, "99.00 99.00 99.00 3/1234 5678\n"));
    assertFalse(isReached(-1, "99.00 99.00 99.00 3/1234 5678\n"));
    assertFalse(isReached(Double.NaN, "99.00 99.00 99.00 3/1234 5678\n"));
  }

  @Test
  void aLoadThatCannotBeReadIsNone() throws Exception {
    assertFalse(isReached(1, "much"));
    assertFalse(isReached(1, ""));
    assertFalse(new LoadLimit(1, folder.resolve("none")).isReached());
  }
}

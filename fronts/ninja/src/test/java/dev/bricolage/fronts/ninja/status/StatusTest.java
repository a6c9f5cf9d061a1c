package dev.bricolage.fronts.ninja.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.fronts.ninja.text.NinjaError;
import org.junit.jupiter.api.Test;

final class StatusTest {
  private static final Progress PROGRESS = new Progress(7, 2, 5, 20, 2_500, -1);

  @Test
  void everyPlaceholderIsKnown() throws NinjaError {
    assertEquals("[5/20] ", new StatusFormat(StatusFormat.USUAL).show(PROGRESS));
    assertEquals(
        "7 20 2 13 5  25% 2.0 ? 2.500 %",
        new StatusFormat("%s %t %r %u %f %p %o %c %e %%").show(PROGRESS));
  }

  @Test
  void othersAreRefused() {
    NinjaError error = assertThrows(NinjaError.class, () -> new StatusFormat("%x").show(PROGRESS));
    assertEquals("ninja: fatal: unknown placeholder '%x' in $NINJA_STATUS", error.printed());
  }

  @Test
  void theRateIsThatOfTheLastEdges() {
    CurrentRate rate = new CurrentRate(2);
    assertEquals(-1, rate.at(0, 0));
    assertEquals(4.0, rate.at(1, 500));
    assertEquals(2.0, rate.at(2, 1_500));
    assertEquals(2.0, rate.at(2, 9_000));
  }

  @Test
  void longLinesLoseTheirMiddle() {
    assertEquals("Nothing to elide", Elision.middle("Nothing to elide", 16));
    assertEquals("012...789", Elision.middle("0123456789", 9));
    assertEquals("01...89", Elision.middle("0123456789", 8));
    assertEquals("..", Elision.middle("0123456789", 2));
    assertEquals("", Elision.middle("0123456789", 0));
  }
}

package dev.bricolage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExpectationTest {
  @Test
  void linesAreComparedWhole() {
    assertTrue(Expectation.matches("a.c", "a.c"));
    assertTrue(Expectation.matches("a", "a  "));
    assertFalse(Expectation.matches("a.c", "abc"));
    assertFalse(Expectation.matches("a", " a"));
    assertFalse(Expectation.matches("a", "a b"));
  }

  @Test
  void aTimeEqualsAnyTimeAndNothingElse() {
    assertTrue(Expectation.matches("ran in 12 ms", "ran in 1.4 s"));
    assertTrue(Expectation.matches("ran in 12 ms", "ran in 2 min 3 s"));
    assertTrue(Expectation.matches("|   12 ms|", "|  124 ms|"));
    assertFalse(Expectation.matches("ran in 12 ms", "ran in no time"));
    assertFalse(Expectation.matches("12 bytes", "13 bytes"));
  }

  @Test
  void aDateEqualsAnyDate() {
    assertTrue(Expectation.matches("at 2026-01-01 00:00", "at 2026-11-23 04:19"));
    assertTrue(
        Expectation.matches("run 1, 2026-01-01T00:00:00Z", "run 1, 2026-11-23T04:19:51.123Z"));
    assertTrue(Expectation.matches("at <date>", "at 2026-11-23 04:19"));
    assertFalse(Expectation.matches("at 2026-01-01 00:00", "at noon"));
  }

  @Test
  void aRunOfBlanksEqualsAnyOther() {
    assertTrue(Expectation.matches("a  b", "a    b"));
    assertTrue(Expectation.matches("    b", "  b"));
    assertFalse(Expectation.matches("a b", "ab"));
  }

  @Test
  void savingMayBeLeftOut() {
    assertTrue(Expectation.matches("remembered in 3 ms, saved 40 ms", "remembered in 5 ms"));
    assertTrue(Expectation.matches("remembered in 3 ms", "remembered in 5 ms, saved 1.2 s"));
    assertTrue(
        Expectation.matches(
            "remembered in 3 ms, saved 1 ms, 2 written", "remembered in 5 ms, 2 written"));
    assertFalse(
        Expectation.matches(
            "remembered in 3 ms, saved 1 ms, 2 written", "remembered in 5 ms, 3 written"));
  }

  @Test
  void placeholders() {
    String hash = "ab".repeat(32);
    assertTrue(Expectation.matches("<digest>", hash + "/17"));
    assertFalse(Expectation.matches("<digest>", hash));
    assertTrue(Expectation.matches("<hash> (<n> bytes)", "0123456789ab (17 bytes)"));
    assertTrue(Expectation.matches("<size> free", "12.5 GiB free"));
    assertTrue(Expectation.matches("x <text>", "x anything at all"));
    assertFalse(Expectation.matches("<n>", "a"));
    assertFalse(Expectation.matches("<other>", "a"));
  }

  @Test
  void threeDotsStandForAnyLines() {
    Expectation expectation = new Expectation(List.of("a", "...", "z"));
    assertTrue(expectation.holds(List.of("a", "z")));
    assertTrue(expectation.holds(List.of("a", "b", "z", "z")));
    assertFalse(expectation.holds(List.of("a", "b")));
    assertFalse(expectation.holds(List.of("b", "z")));
    assertFalse(new Expectation(List.of("a")).holds(List.of("a", "b")));
    assertFalse(new Expectation(List.of("a", "b")).holds(List.of("a")));
    assertFalse(new Expectation(List.of()).holds(List.of("a")));
  }

  @Test
  void aDifferenceShowsBoth() {
    assertEquals(
        List.of("  a", "- b", "+ c", "+ d", "  e"),
        new Expectation(List.of("a", "b", "e")).difference(List.of("a", "c", "d", "e")));
  }
}

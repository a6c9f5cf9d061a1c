package dev.bricolage.memo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AnswerTest {
  private static String of(String text) {
    return Answer.of(Codec.text(), text);
  }

  private static String digest(String text) {
    return "#" + Digest.of(text);
  }

  @Test
  void aShortValueStandsForItself() {
    assertEquals("=int f", of("int f"));
    assertEquals("=", of(""));
    assertEquals("=ä日😀", of("ä日😀"));
    assertEquals("=" + "x".repeat(64), of("x".repeat(64)));
  }

  @Test
  void aLongOneStandsByItsDigest() {
    assertEquals(digest("x".repeat(65)), of("x".repeat(65)));
    assertEquals(digest("ä".repeat(33)), of("ä".repeat(33)));
  }

  @Test
  void whatCannotBeSeenStandsByItsDigest() {
    for (String odd : List.of("a\nb", "a\tb", "\u0000", "\u007f", "\u00a0", "\u202e", "\ufeff")) {
      assertEquals(digest(odd), of(odd));
    }
    byte[] noText = {(byte) 0xc3};
    assertEquals(Optional.empty(), Answer.inline(noText));
    assertEquals(Optional.empty(), Answer.inline(new byte[] {(byte) 0xc0, (byte) 0xaf}));
  }

  @Test
  void noneIsTakenForAnother() {
    for (String like : List.of(View.UNANSWERABLE, digest(""), "!failed", "=x")) {
      assertEquals(
          Optional.empty(), Answer.digest(of(like)).filter(d -> !d.equals(Digest.of(like))), like);
      assertEquals(Optional.empty(), Answer.failure(of(like)), like);
    }
    assertEquals("=?", of(View.UNANSWERABLE));
    assertEquals("==x", of("=x"));
    assertEquals("=!failed", of("!failed"));
  }

  @Test
  void whatItSaysIsHadAgain() {
    assertArrayEquals("ä b".getBytes(UTF_8), Answer.bytes(of("ä b")).orElseThrow());
    assertEquals(Optional.empty(), Answer.bytes(digest("x")));
    assertEquals(Optional.of(Digest.of("x")), Answer.digest(Answer.ofDigest(Digest.of("x"))));
    assertEquals(Optional.empty(), Answer.digest("=x"));
    String failure = Answer.ofFailure(new IOException("no such file"));
    assertEquals("!java.io.IOException: no such file", failure);
    assertEquals(Optional.of("java.io.IOException: no such file"), Answer.failure(failure));
    assertThrows(IllegalArgumentException.class, () -> Answer.digest("#damaged"));
  }
}

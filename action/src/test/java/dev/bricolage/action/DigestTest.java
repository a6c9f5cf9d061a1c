package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void namesBytesByTheirSha256AndSize() {
    assertEquals(EMPTY + "/0", Digest.EMPTY.toString());
    assertEquals(ABC + "/3", Digest.of("abc").toString());
    assertEquals(ABC, Digest.of("abc").hex());
    assertEquals("ba7816bf8f01", Digest.of("abc").brief());
  }

  @Test
  void readsWhatItPrints() {
    Digest digest = Digest.of("abc");
    assertEquals(digest, Digest.parse(digest.toString()));
    Digest huge = new Digest(-1, Long.MIN_VALUE, 0, 1, Long.MAX_VALUE);
    assertEquals(huge, Digest.parse(huge.toString()));
    assertArrayEquals(huge.hash(), Digest.of(huge.hash(), 7).hash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "abc/3",
        ABC,
        ABC + "3",
        ABC + "/",
        ABC + "/x",
        ABC + "/-1",
        ABC + "/+3",
        ABC + "/03",
        ABC + "/3 ",
        ABC + "/\u0663",
        ABC + "/3/3",
        ABC + "/9223372036854775808",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD/3",
        "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/3",
      })
  void refusesWhatItWouldNotPrint(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Digest.parse(text));
    assertEquals("not a digest (64 hex digits, slash, size): " + text, refused.getMessage());
  }

  @Test
  void refusesANegativeSizeAndAShortHash() {
    IllegalArgumentException size =
        assertThrows(IllegalArgumentException.class, () -> new Digest(0, 0, 0, 0, -1));
    assertEquals("a digest's size cannot be negative: -1", size.getMessage());
    IllegalArgumentException hash =
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[31], 0));
    assertEquals("a SHA-256 has 32 bytes, not 31", hash.getMessage());
  }

  @Test
  void isOrderedAsItsTextIs() {
    Digest low = new Digest(1, 0, 0, 0, 0);
    Digest high = new Digest(-1, 0, 0, 0, 0);
    assertTrue(low.compareTo(high) < 0 && low.hex().compareTo(high.hex()) < 0);
    assertTrue(new Digest(0, 0, 0, 1, 5).compareTo(new Digest(0, 0, 0, 1, 6)) < 0);
    assertEquals(0, low.compareTo(new Digest(1, 0, 0, 0, 0)));
  }
}

package dev.bricolage.fronts.reapi.cas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class FastCdcTest {
  /** As published beside the implementations that REAPI names. */
  @Test
  void theTableIsEverybodys() {
    assertEquals(0x3b5d3c7d207e37dcL, FastCdc.gear(0));
    assertEquals(0x784d68ba91123086L, FastCdc.gear(1));
    assertEquals(0x94d558e493c54fc7L, FastCdc.gear(112));
    assertEquals(0xaabd2b2a451504e1L, FastCdc.gear(255));
  }

  @Test
  void aShortEndIsAChunk() {
    assertEquals(0, FastCdc.cut(new byte[10], 0));
    assertEquals(131_072, FastCdc.cut(new byte[131_072], 131_072));
    assertEquals(131_073, FastCdc.cut(new byte[131_073], 131_073));
    assertEquals(FastCdc.MOST_BYTES, FastCdc.cut(new byte[5 << 20], 5 << 20));
  }
}

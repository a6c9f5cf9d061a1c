package dev.bricolage.remote.protocol.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * REAPI's own vectors are of a picture, which no repository of ours may hold. So these are of bytes
 * that anybody can make, and the cuts are those of another program: the loop of Bazel's chunker,
 * whose authors hold it against REAPI's vectors, seed 666 among them.
 */
final class FastCdcTest {
  /** The SHA-256 of "0", of "1" and so on, one behind the other. */
  private static byte[] made(int length) {
    byte[] bytes = new byte[length + Digest.HASH_BYTES];
    for (int at = 0; at < length; at += Digest.HASH_BYTES) {
      byte[] hash = Digest.of(String.valueOf(at / Digest.HASH_BYTES)).hash();
      System.arraycopy(hash, 0, bytes, at, Digest.HASH_BYTES);
    }
    return Arrays.copyOf(bytes, length);
  }

  private static String cuts(FastCdc cutter, byte[] bytes) throws IOException {
    return cuts(cutter, new ByteArrayInputStream(bytes));
  }

  private static String cuts(FastCdc cutter, InputStream bytes) throws IOException {
    return cutter.chunks(bytes).stream()
        .map(chunk -> String.valueOf(chunk.digest().size()))
        .collect(Collectors.joining(" "));
  }

  /** Of an odd length, because a loop of two bytes a step never looks at an odd last one. */
  @Test
  void cutsAreWhereOthersCut() throws IOException {
    byte[] bytes = made(131_001);
    assertEquals(
        "4541 1755 3718 4170 4970 3760 7690 9641 5727 2059 4328 5383 5800 4474 4761 4612 3743 4350"
            + " 4479 3492 4425 4052 4377 4760 5081 5575 6454 2824",
        cuts(new FastCdc(4096, 0), bytes));
    assertEquals(
        "11510 9557 10629 8543 8733 8415 13938 8276 9090 8466 11219 8193 14432",
        cuts(new FastCdc(8192, 666), bytes));
    assertEquals(
        "16962 24597 20130 17129 18339 19412 7282 7150", cuts(new FastCdc(16_384, 666), bytes));
  }

  /** A seed is a number without a sign. */
  @Test
  void theGreatestSeedToo() throws IOException {
    assertEquals(
        "1029 1033 759 1091 1044 1465 1626 1119 1046 1277 1308 1632 1502 989 1108 307 1115 561",
        cuts(new FastCdc(1024, -1), made(20_011)));
  }

  /** What every server proposes, and the greatest that the specification allows. */
  @Test
  void longChunksToo() throws IOException {
    byte[] bytes = made(8_000_001);
    assertEquals(
        "665189 617992 549416 551400 537721 529168 884673 594561 544207 725857 378868 783339 525419"
            + " 112191",
        cuts(FastCdc.USUAL, bytes));
    assertEquals(
        "721161 1056930 1101810 1570251 1166346 1292685 1090818",
        cuts(new FastCdc(1 << 20, 0), bytes));
  }

  @Test
  void aStreamThatComesInPiecesIsCutAlike() throws IOException {
    byte[] bytes = made(131_001);
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 7));
          }
        };
    assertEquals(cuts(new FastCdc(1024, 0), bytes), cuts(new FastCdc(1024, 0), slow));
  }

  @Test
  void bytesWithoutContentAreCutAtTheGreatestLength() throws IOException {
    assertEquals("4096 4096 1808", cuts(new FastCdc(1024, 0), new byte[10_000]));
    assertEquals("2097152", cuts(FastCdc.USUAL, new byte[2 << 20]));
  }

  @Test
  void aShortEndIsAChunk() throws IOException {
    assertEquals("", cuts(FastCdc.USUAL, new byte[0]));
    assertEquals("131072", cuts(FastCdc.USUAL, made(131_072)));
    assertEquals("131073", cuts(FastCdc.USUAL, made(131_073)));
  }

  @Test
  void chunksJoinUpAndAreNamedByWhatTheyHold() throws IOException {
    byte[] bytes = made(20_000);
    List<FastCdc.Chunk> chunks = new FastCdc(1024, 7).chunks(new ByteArrayInputStream(bytes));
    List<FastCdc.Chunk> expected = new ArrayList<>();
    int at = 0;
    for (FastCdc.Chunk chunk : chunks) {
      int end = at + (int) chunk.digest().size();
      expected.add(new FastCdc.Chunk(Digest.of(Arrays.copyOfRange(bytes, at, end)), at));
      assertTrue(end - at <= 4096, () -> chunks.toString());
      assertTrue(end - at >= 256 || end == bytes.length, () -> chunks.toString());
      at = end;
    }
    assertEquals(bytes.length, at);
    assertEquals(expected, chunks);
  }

  @Test
  void anAverageIsAPowerOfTwoWithinBounds() {
    for (long wrong : new long[] {-1024, 0, 512, 1025, 3 << 10, 2 << 20, 1L << 32}) {
      assertTrue(!FastCdc.isAverage(wrong), () -> "" + wrong);
    }
    assertTrue(FastCdc.isAverage(1024) && FastCdc.isAverage(1 << 20));
    assertEquals(
        "the average chunk is a power of two from 1024 to 1048576 bytes, not 3000",
        assertThrows(IllegalArgumentException.class, () -> new FastCdc(3000, 0)).getMessage());
  }
}

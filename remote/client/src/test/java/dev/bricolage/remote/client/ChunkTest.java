package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.chunk.FastCdc;
import dev.bricolage.remote.protocol.Reapi.SplitBlobResponse;
import dev.bricolage.store.MemoryBlobs;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large blobs that differ little. */
final class ChunkTest {
  private static final byte[] OLD = BadReadsTest.noise(6_000_000);

  private final MemoryBlobs store = new MemoryBlobs();
  private final byte[] changed = changed();
  private final Digest before = store.put(OLD);
  private final Digest after = Digest.of(changed);
  private Fake fake;
  private Remote remote;

  /** A byte more in the middle: everything behind it has moved. */
  private static byte[] changed() {
    byte[] changed = new byte[OLD.length + 1];
    System.arraycopy(OLD, 0, changed, 0, 3_000_000);
    System.arraycopy(OLD, 3_000_000, changed, 3_000_001, 3_000_000);
    return changed;
  }

  @BeforeEach
  void start() throws Exception {
    fake = new Fake();
    var cutting = Fake.usual();
    cutting
        .getCacheCapabilitiesBuilder()
        .setSplitBlobSupport(true)
        .setSpliceBlobSupport(true)
        .getFastCdc2020ParamsBuilder()
        .setAvgChunkSizeBytes(Fake.CUTTER.average());
    fake.capabilities = cutting.build();
    remote = fake.remote();
  }

  @AfterEach
  void stop() {
    remote.close();
    fake.close();
    assertEquals(List.of(), fake.warnings);
  }

  @Test
  void onlyTheChunksThatDifferAreFetched() throws Exception {
    fake.has(changed);
    assertTrue(remote.blobs().fetch(after, store, List.of(before)));
    assertArrayEquals(changed, store.read(after).orElseThrow());
    assertEquals(0, fake.count("Read"));
    assertTrue(fake.count("BatchReadBlobs") <= 2, fake.log.toString());
    assertTrue(fake.log.contains("BatchReadBlobs 1") || fake.log.contains("BatchReadBlobs 2"));
  }

  @Test
  void aServerThatSplitsWronglyIsReadFromWhole() throws Exception {
    fake.has(changed);
    fake.onSplit = all -> all.toBuilder().setChunkDigests(3, all.getChunkDigests(4)).build();
    assertTrue(remote.blobs().fetch(after, store, List.of(before)));
    fake.onSplit = all -> SplitBlobResponse.getDefaultInstance();
    store.lose(after);
    assertTrue(remote.blobs().fetch(after, store, List.of(before)));
    fake.refuse("SplitBlob", Fake.status(Code.UNIMPLEMENTED, "what?"));
    store.lose(after);
    assertTrue(remote.blobs().fetch(after, store, List.of(before)));
    assertArrayEquals(changed, store.read(after).orElseThrow());
    assertEquals(3, fake.count("Read 0"));
  }

  @Test
  void onlyTheChunksThatDifferAreSent() throws Exception {
    remote.blobs().upload(List.of(before), store);
    assertArrayEquals(OLD, fake.blobs.get(before));
    assertEquals(0, fake.count("Write"));
    int count = fake.blobs.size();
    fake.log.clear();
    assertEquals(after, store.put(changed));
    remote.blobs().upload(List.of(after), store);
    assertArrayEquals(changed, fake.blobs.get(after));
    assertTrue(fake.blobs.size() <= count + 3, "the blob and a chunk or two");
    assertEquals(1, fake.count("BatchUpdateBlobs"));
  }

  @Test
  void aServerThatWillNotSpliceGetsItWhole() throws Exception {
    fake.refuse("SpliceBlob", Fake.status(Code.INVALID_ARGUMENT, "not like this"));
    remote.blobs().upload(List.of(before), store);
    assertArrayEquals(OLD, fake.blobs.get(before));
    assertEquals(1, fake.count("Write 0"));
  }

  @Test
  void chunksAreWithinTheirBoundsAndJoinUp() throws Exception {
    FastCdc cutter = new FastCdc(4096, 7);
    List<FastCdc.Chunk> chunks = cutter.chunks(new ByteArrayInputStream(OLD));
    long offset = 0;
    for (FastCdc.Chunk chunk : chunks) {
      assertEquals(offset, chunk.offset());
      offset += chunk.digest().size();
      assertTrue(chunk.digest().size() <= cutter.most());
      assertTrue(chunk.digest().size() >= 1024 || offset == OLD.length);
    }
    assertEquals(OLD.length, offset);
    assertTrue(chunks.size() > 1000 && chunks.size() < 2000, chunks.size() + " chunks");
    assertEquals(List.of(), cutter.chunks(new ByteArrayInputStream(new byte[0])));
  }

  /**
   * What a program that rolls two bytes a step, as Bazel's does, cuts them into; their length is
   * odd. It was written by the same hand: REAPI's own vectors would prove more.
   */
  @Test
  void cutsAreWhereOthersCut() throws Exception {
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    for (int i = 0; i < 4096; i++) {
      hashes.writeBytes(Digest.of(String.valueOf(i)).hash());
    }
    byte[] bytes = Arrays.copyOf(hashes.toByteArray(), 131_001);
    assertEquals(
        "4541 1755 3718 4170 4970 3760 7690 9641 5727 2059 4328 5383 5800 4474 4761 4612 3743 4350"
            + " 4479 3492 4425 4052 4377 4760 5081 5575 6454 2824",
        cuts(new FastCdc(4096, 0), bytes));
    assertEquals(
        "11510 9557 10629 8543 8733 8415 13938 8276 9090 8466 11219 8193 14432",
        cuts(new FastCdc(8192, 666), bytes));
  }

  private static String cuts(FastCdc cutter, byte[] bytes) throws Exception {
    return cutter.chunks(new ByteArrayInputStream(bytes)).stream()
        .map(chunk -> String.valueOf(chunk.digest().size()))
        .collect(Collectors.joining(" "));
  }
}

package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.protocol.Reapi.SplitBlobResponse;
import dev.bricolage.store.MemoryBlobs;
import io.grpc.Status.Code;
import java.util.List;
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
}

package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.CacheCapabilities;
import dev.bricolage.remote.protocol.Reapi.ChunkingFunction;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SplitBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SplitBlobResponse;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunksTest {
  private static final int AVERAGE = 512 << 10;
  private final Trial trial = new Trial(Trial.Transport.MEMORY);

  ChunksTest() throws IOException {}

  @AfterEach
  void close() {
    trial.close();
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** It is too large for a batch, as what is worth splitting is. */
  private Reapi.Digest hold(String instance, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 1 << 20) {
      trial.upload(instance, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + (1 << 20))));
    }
    SpliceBlobRequest.Builder splice =
        SpliceBlobRequest.newBuilder().setInstanceName(instance).setBlobDigest(digest(bytes));
    for (int at = 0; at < bytes.length; at += 1 << 20) {
      splice.addChunkDigests(
          digest(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + (1 << 20)))));
    }
    return trial.cas().spliceBlob(splice.build()).getBlobDigest();
  }

  private SplitBlobResponse split(String instance, Reapi.Digest blob) {
    return trial
        .cas()
        .splitBlob(
            SplitBlobRequest.newBuilder().setInstanceName(instance).setBlobDigest(blob).build());
  }

  private Set<Digest> chunks(Reapi.Digest blob) {
    return new TreeSet<>(Digests.read(split("", blob).getChunkDigestsList()));
  }

  @Test
  void aBlobIsWhatItsChunksAre() {
    byte[] bytes = random(1, 5_000_001);
    SplitBlobResponse split = split("", hold("", bytes));
    assertEquals(ChunkingFunction.Value.FAST_CDC_2020, split.getChunkingFunction());
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    List<Integer> sizes = new ArrayList<>();
    for (Digest chunk : Digests.read(split.getChunkDigestsList())) {
      byte[] part = trial.blobs.read(chunk).orElseThrow();
      joined.writeBytes(part);
      sizes.add(part.length);
    }
    assertArrayEquals(bytes, joined.toByteArray());
    assertTrue(sizes.size() > 5, sizes::toString);
    for (int size : sizes.subList(0, sizes.size() - 1)) {
      assertTrue(size >= AVERAGE / 4 && size <= AVERAGE * 4, sizes::toString);
    }
  }

  @Test
  void ofANewVersionMostChunksAreOld() {
    byte[] old = random(1, 8_000_000);
    byte[] now = new byte[old.length + 10];
    System.arraycopy(old, 0, now, 0, 4_000_000);
    System.arraycopy(old, 4_000_000, now, 4_000_010, 4_000_000);
    Set<Digest> before = new TreeSet<>(chunks(hold("", old)));
    Set<Digest> after = chunks(hold("", now));
    after.removeAll(before);
    assertTrue(after.size() <= 2, after::toString);
  }

  @Test
  void bytesWithoutContentAreCutAtTheGreatestLength() {
    byte[] zeros = new byte[5 << 20];
    List<Long> sizes =
        Digests.read(split("", hold("", zeros)).getChunkDigestsList()).stream()
            .map(Digest::size)
            .toList();
    assertEquals(List.of(2L << 20, 2L << 20, 1L << 20), sizes);
  }

  @Test
  void whoDoesNotSayWhatTheBlobIsHearsIt() {
    trial.upload("", random(1, 1000), random(2, 1000));
    byte[] both = Arrays.copyOf(random(1, 1000), 2000);
    System.arraycopy(random(2, 1000), 0, both, 1000, 1000);
    SpliceBlobRequest request =
        SpliceBlobRequest.newBuilder()
            .addChunkDigests(digest(random(1, 1000)))
            .addChunkDigests(digest(random(2, 1000)))
            .build();
    assertEquals(digest(both), trial.cas().spliceBlob(request).getBlobDigest());
    assertArrayEquals(both, trial.blobs.read(Digest.of(both)).orElseThrow());
    Reapi.Digest other = digest(random(3, 2000));
    refused(
        Code.INVALID_ARGUMENT,
        "the chunks are not those of " + Digests.read(other),
        () -> trial.cas().spliceBlob(request.toBuilder().setBlobDigest(other).build()));
    Reapi.Digest longer = digest(random(3, 2001));
    refused(
        Code.INVALID_ARGUMENT,
        "the chunks have 2000 bytes, not the %s's".formatted(Digests.read(longer)),
        () -> trial.cas().spliceBlob(request.toBuilder().setBlobDigest(longer).build()));
  }

  @Test
  void anothersBlobsAreNotThere() {
    byte[] bytes = random(1, 1000);
    trial.upload("other", bytes);
    refused(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(Digest.of(bytes)),
        () -> split("", digest(bytes)));
    refused(
        Code.NOT_FOUND,
        "the chunk %s is not here".formatted(Digest.of(bytes)),
        () ->
            trial
                .cas()
                .spliceBlob(
                    SpliceBlobRequest.newBuilder()
                        .setBlobDigest(digest(bytes))
                        .addChunkDigests(digest(bytes))
                        .build()));
  }

  @Test
  void capabilitiesSayHow() {
    CacheCapabilities cache =
        trial
            .capabilities()
            .getCapabilities(GetCapabilitiesRequest.getDefaultInstance())
            .getCacheCapabilities();
    assertTrue(cache.getSplitBlobSupport() && cache.getSpliceBlobSupport());
    assertEquals(AVERAGE, cache.getFastCdc2020Params().getAvgChunkSizeBytes());
    assertEquals(0, cache.getFastCdc2020Params().getSeed());
  }
}

package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.store.MemoryBlobs;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading from a server that is not well. */
final class BadReadsTest {
  private static final int LENGTH = 300_000;

  private final byte[] large = noise(LENGTH);
  private final MemoryBlobs store = new MemoryBlobs();
  private Fake fake;
  private Remote remote;

  @BeforeEach
  void start() throws Exception {
    fake = new Fake();
    remote = fake.remote();
  }

  @AfterEach
  void stop() {
    remote.close();
    fake.close();
  }

  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Most are not there, and a sentence says so of each. */
  @Test
  void verySmallBlobsAreAskedForInMessagesThatHoldTheAnswers() throws Exception {
    Set<Digest> wanted = new LinkedHashSet<>();
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = {(byte) i, (byte) (i >> 8)};
      wanted.add(i % 100 == 0 ? fake.has(bytes) : Digest.of(bytes));
    }
    AtomicInteger most = new AtomicInteger();
    fake.onBatchRead =
        all -> {
          BatchReadBlobsResponse.Builder wordy = all.toBuilder();
          wordy.getResponsesBuilderList().stream()
              .filter(one -> one.getData().isEmpty())
              .forEach(one ->
                  one.getStatusBuilder()
                      .setMessage(
                          "nothing is known of the blob %s, not by us"
                              .formatted(one.getDigest().getHash())));
          most.accumulateAndGet(wordy.build().getSerializedSize(), Math::max);
          return wordy.build();
        };
    assertEquals(600, remote.blobs().readAll(wanted).size());
    assertEquals(4, fake.count("BatchReadBlobs"));
    assertEquals(0, fake.count("Read"));
    assertTrue(most.get() <= 4 << 20, () -> most + " bytes");
  }

  @Test
  void withoutBatchesEverythingIsAStream() throws Exception {
    Digest one = fake.has(bytes("one"));
    Digest two = fake.has(bytes("two"));
    fake.refuse("BatchReadBlobs", Fake.status(Code.UNIMPLEMENTED, "no such method"));
    assertEquals(Set.of(one, two), remote.blobs().readAll(List.of(one, two)).keySet());
    assertEquals(Set.of(one), remote.blobs().readAll(List.of(one)).keySet());
    assertEquals(3, fake.count("Read 0"));
    assertEquals(1, fake.count("BatchReadBlobs"));
  }

  @Test
  void whatATruncatedBatchLeavesOutIsAskedForAgain() throws Exception {
    List<Digest> digests =
        List.of(fake.has(bytes("a")), fake.has(bytes("b")), fake.has(bytes("c")));
    fake.onBatchRead =
        all ->
            all.getResponsesCount() > 1
                ? BatchReadBlobsResponse.newBuilder().addResponses(all.getResponses(1)).build()
                : all;
    assertEquals(Set.copyOf(digests), remote.blobs().readAll(digests).keySet());
    assertEquals(
        List.of("BatchReadBlobs 3", "BatchReadBlobs 2", "BatchReadBlobs 1"),
        fake.log.stream().filter(line -> line.startsWith("Batch")).toList());
  }

  @Test
  void whatNoBatchBringsIsAStream() throws Exception {
    Digest digest = fake.has(bytes("a"));
    fake.onBatchRead = all -> BatchReadBlobsResponse.getDefaultInstance();
    assertEquals(Set.of(digest), remote.blobs().readAll(List.of(digest)).keySet());
    assertEquals(1, fake.count("Read 0"));
  }

  @Test
  void anAnswerTooLargeToTakeIsAskedForAsStreams() throws Exception {
    Digest digest = fake.has(bytes("a"));
    ByteString gigantic = ByteString.copyFrom(new byte[20 << 20]);
    fake.onBatchRead =
        all ->
            all.toBuilder()
                .setResponses(0, all.getResponses(0).toBuilder().setData(gigantic))
                .build();
    assertEquals(Set.of(digest), remote.blobs().readAll(List.of(digest)).keySet());
    assertEquals(List.of(), fake.pauses);
  }

  @Test
  void aBlobThatWasEvictedIsMissingWhateverItSaidBefore() throws Exception {
    Digest small = Digest.of("evicted");
    Digest big = Digest.of(large);
    fake.onMissing = all -> all.toBuilder().clearMissingBlobDigests().build();
    assertEquals(Set.of(), remote.blobs().missing(List.of(small, big)));
    assertEquals(Map.of(), remote.blobs().readAll(List.of(small)));
    assertFalse(remote.blobs().fetch(big, store));
    assertEquals(List.of(), fake.warnings);
  }

  @Test
  void wrongBytesAreToldOfOnceAndMissing() throws Exception {
    Digest small = Digest.of("right");
    fake.blobs.put(small, bytes("wrong"));
    Digest big = Digest.of(large);
    byte[] damaged = large.clone();
    damaged[LENGTH - 1] ^= 1;
    fake.blobs.put(big, damaged);
    assertEquals(Map.of(), remote.blobs().readAll(List.of(small)));
    assertFalse(remote.blobs().fetch(big, store));
    assertFalse(remote.blobs().fetch(big, store));
    assertEquals(0, store.count());
    assertEquals(
        List.of(
            "grpc://localhost:%d: the bytes it has as %s are not that blob's: this one, and others like it, count as missing"
                .formatted(fake.port(), small)),
        fake.warnings);
  }

  @Test
  void wrongCompressedBytesAreMissingToo() throws Exception {
    Digest digest = Digest.of("right");
    fake.onBatchRead =
        all ->
            BatchReadBlobsResponse.newBuilder()
                .addResponses(
                    BatchReadBlobsResponse.Response.newBuilder()
                        .setDigest(dev.bricolage.remote.client.blob.Digests.write(digest))
                        .setCompressor(Compressor.Value.ZSTD)
                        .setData(ByteString.copyFromUtf8("no zstd at all")))
                .build();
    assertEquals(Map.of(), remote.blobs().readAll(List.of(digest)));
    assertEquals(1, fake.warnings.size());
  }

  @Test
  void moreBytesThanTheBlobHasAreNotWaitedFor() throws Exception {
    Digest digest = fake.has(large);
    fake.onRead =
        (request, answer) -> {
          for (int i = 0; i < 3; i++) {
            Fake.pieces(large, 0, LENGTH, answer);
          }
        };
    assertFalse(remote.blobs().fetch(digest, store));
    assertEquals(1, fake.warnings.size());
  }

  @Test
  void aStreamThatEndsEarlyIsGoneOnWithWhereItWas() throws Exception {
    Digest digest = fake.has(large);
    fake.onRead =
        (request, answer) -> {
          int from = (int) request.getReadOffset();
          Fake.pieces(large, from, Math.min(LENGTH, from + 100_000), answer);
          answer.onCompleted();
        };
    assertTrue(remote.blobs().fetch(digest, store));
    assertEquals(
        List.of("Read 0", "Read 100000", "Read 200000"),
        fake.log.stream().filter(line -> line.startsWith("Read")).toList());
  }

  @Test
  void aStreamThatIsCutOftenerThanThereAreRetriesComesToItsEnd() throws Exception {
    Digest digest = fake.has(large);
    fake.onRead =
        (request, answer) -> {
          int from = (int) request.getReadOffset();
          int to = Math.min(LENGTH, from + 30_000);
          Fake.pieces(large, from, to, answer);
          if (to < LENGTH) {
            answer.onError(Fake.status(Code.INTERNAL, "RST_STREAM closed stream"));
          } else {
            answer.onCompleted();
          }
        };
    assertTrue(remote.blobs().fetch(digest, store));
    assertEquals(10, fake.count("Read"));
    assertArrayEquals(large, store.read(digest).orElseThrow());
  }

  @Test
  void aStreamThatBringsNothingIsGivenUp() throws Exception {
    Digest digest = fake.has(large);
    fake.onRead = (request, answer) -> answer.onCompleted();
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.blobs().fetch(digest, store));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEquals(
        "grpc://localhost:%d: Read of %s: UNAVAILABLE: the stream ended after 0 of 300000 bytes (no error) (tried 4 times)"
            .formatted(fake.port(), digest),
        failure.getMessage());
    assertEquals(3, fake.pauses.size());
  }

  @Test
  void aServerThatCannotGoOnIsAskedFromTheBeginning() throws Exception {
    Digest digest = fake.has(large);
    AtomicInteger streams = new AtomicInteger();
    fake.onRead =
        (request, answer) -> {
          if (streams.getAndIncrement() == 0) {
            Fake.pieces(large, 0, 100_000, answer);
            answer.onError(Fake.status(Code.UNAVAILABLE, "going away"));
          } else if (request.getReadOffset() > 0) {
            answer.onError(Fake.status(Code.OUT_OF_RANGE, "only whole blobs here"));
          } else {
            fake.read(request, answer);
          }
        };
    assertTrue(remote.blobs().fetch(digest, store));
    assertEquals(
        List.of("Read 0", "Read 100000", "Read 0"),
        fake.log.stream().filter(line -> line.startsWith("Read")).toList());
  }

  @Test
  void aStreamThatStandsStillIsGoneOnWith() throws Exception {
    Digest digest = fake.has(large);
    try (Remote hasty = fake.remote(fake.options().withTimeout(java.time.Duration.ofMillis(300)))) {
      AtomicInteger streams = new AtomicInteger();
      fake.onRead =
          (request, answer) -> {
            int from = (int) request.getReadOffset();
            Fake.pieces(large, from, streams.getAndIncrement() == 0 ? 100_000 : LENGTH, answer);
            if (from > 0) {
              answer.onCompleted();
            }
          };
      assertTrue(hasty.blobs().fetch(digest, store));
      assertEquals(2, fake.count("Read"));
    }
  }

  @Test
  void emptyPiecesAreNoBytes() throws Exception {
    Digest digest = fake.has(large);
    fake.onRead =
        (request, answer) -> {
          answer.onNext(ReadResponse.getDefaultInstance());
          Fake.pieces(large, 0, 65536, answer);
          answer.onNext(ReadResponse.getDefaultInstance());
          Fake.pieces(large, 65536, LENGTH, answer);
          answer.onNext(ReadResponse.getDefaultInstance());
          answer.onCompleted();
        };
    assertTrue(remote.blobs().fetch(digest, store));
  }

  @Test
  void aTornCompressedStreamIsGoneOnWith() throws Exception {
    fake.capabilities = compressing();
    byte[] text = new byte[LENGTH];
    Arrays.fill(text, (byte) 'a');
    System.arraycopy(large, 0, text, 0, LENGTH / 2);
    Digest digest = fake.has(text);
    AtomicInteger streams = new AtomicInteger();
    fake.onRead =
        (request, answer) -> {
          assertTrue(request.getResourceName().startsWith("compressed-blobs/zstd/"));
          int from = (int) request.getReadOffset();
          byte[] packed =
              com.github.luben.zstd.Zstd.compress(Arrays.copyOfRange(text, from, LENGTH));
          if (streams.getAndIncrement() == 0) {
            Fake.pieces(packed, 0, packed.length - 10_000, answer);
          } else {
            Fake.pieces(packed, 0, packed.length, answer);
          }
          answer.onCompleted();
        };
    try (Remote packing = fake.remote(fake.options().withCompression(true))) {
      assertTrue(packing.blobs().fetch(digest, store));
      assertEquals(2, streams.get());
    }
  }

  static dev.bricolage.remote.protocol.Reapi.ServerCapabilities compressing() {
    var all = Fake.usual();
    all.getCacheCapabilitiesBuilder()
        .addSupportedCompressors(Compressor.Value.ZSTD)
        .addSupportedBatchUpdateCompressors(Compressor.Value.ZSTD);
    return all.build();
  }
}

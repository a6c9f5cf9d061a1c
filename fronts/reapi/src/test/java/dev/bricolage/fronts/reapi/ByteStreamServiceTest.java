package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.bytes;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusRequest;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusResponse;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Trial.Transport.class)
final class ByteStreamServiceTest {
  private static final String UUID = "2f7a1c7e-8f0a-4a5b-9a57-6f0f2ad6a1ce";
  private static final byte[] LARGE = random(3_000_000);
  private static final Digest DIGEST = Digest.of(LARGE);
  private static final String PLAIN = "uploads/" + UUID + "/blobs/" + DIGEST;
  private static final String PACKED = "uploads/" + UUID + "/compressed-blobs/zstd/" + DIGEST;

  private final Trial.Transport transport;
  private Trial trial;

  ByteStreamServiceTest(Trial.Transport transport) throws IOException {
    this.transport = transport;
    this.trial = new Trial(transport);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private void restart(Limits limits) throws IOException {
    trial.close();
    trial = new Trial(transport, Setup.USUAL.with(limits));
  }

  /** One stream of a client's, message by message. */
  private final class Stream implements StreamObserver<WriteResponse> {
    private final CompletableFuture<WriteResponse> answer = new CompletableFuture<>();
    private final ClientCallStreamObserver<WriteRequest> to =
        (ClientCallStreamObserver<WriteRequest>) trial.streams().write(this);

    Stream send(String name, long offset, byte[] data, boolean finish) {
      to.onNext(
          WriteRequest.newBuilder()
              .setResourceName(name)
              .setWriteOffset(offset)
              .setData(ByteString.copyFrom(data))
              .setFinishWrite(finish)
              .build());
      return this;
    }

    long end() throws Exception {
      to.onCompleted();
      return committed();
    }

    long committed() throws Exception {
      try {
        return answer.get(20, TimeUnit.SECONDS).getCommittedSize();
      } catch (ExecutionException e) {
        throw (StatusRuntimeException) e.getCause();
      }
    }

    @Override
    public void onNext(WriteResponse response) {
      answer.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      answer.completeExceptionally(new AssertionError("the stream ended without an answer"));
    }
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private long upload(String name, byte[] bytes) throws Exception {
    Stream stream = new Stream();
    for (int at = 0; at < bytes.length; at += 1 << 20) {
      int end = Math.min(bytes.length, at + (1 << 20));
      stream.send(name, at, part(bytes, at, end), end == bytes.length);
    }
    return stream.end();
  }

  private byte[] read(String name, long offset, long limit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    trial
        .bytes()
        .read(
            ReadRequest.newBuilder()
                .setResourceName(name)
                .setReadOffset(offset)
                .setReadLimit(limit)
                .build())
        .forEachRemaining(response -> bytes.writeBytes(response.getData().toByteArray()));
    return bytes.toByteArray();
  }

  private QueryWriteStatusResponse status(String name) {
    return trial
        .bytes()
        .queryWriteStatus(QueryWriteStatusRequest.newBuilder().setResourceName(name).build());
  }

  private void nothingIsKept() {
    assertFalse(trial.blobs.has(DIGEST));
    assertEquals(0, trial.blobs.count());
    assertEquals(0, trial.server.uploads());
  }

  @Test
  void whatIsWrittenCanBeRead() throws Exception {
    assertEquals(LARGE.length, upload(PLAIN, LARGE));
    assertArrayEquals(LARGE, read("blobs/" + DIGEST, 0, 0));
    assertArrayEquals(part(LARGE, 1000, LARGE.length), read("blobs/" + DIGEST, 1000, 0));
    assertArrayEquals(part(LARGE, 1000, 1010), read("blobs/" + DIGEST, 1000, 10));
    assertArrayEquals(part(LARGE, 1000, 900_000), read("blobs/" + DIGEST, 1000, 899_000));
    assertArrayEquals(new byte[0], read("blobs/" + DIGEST, LARGE.length, 0));
    assertEquals(0, trial.server.uploads());
  }

  @Test
  void anInstanceHasItsOwnNamesAndMetadataIsLeftAlone() throws Exception {
    assertEquals(LARGE.length, upload("other/" + PLAIN + "/some/name.o", LARGE));
    assertArrayEquals(LARGE, read("other/blobs/" + DIGEST, 0, 0));
    refused(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(DIGEST),
        () -> read("blobs/" + DIGEST, 0, 0));
  }

  @Test
  void compressedBothWays() throws Exception {
    byte[] packed = Zstd.compress(LARGE);
    assertEquals(-1, upload(PACKED, packed));
    assertArrayEquals(LARGE, trial.blobs.read(DIGEST).orElseThrow());
    byte[] back = read("compressed-blobs/zstd/" + DIGEST, 0, 0);
    assertArrayEquals(LARGE, Zstd.decompress(back, LARGE.length));
    byte[] rest = read("compressed-blobs/zstd/" + DIGEST, 5, 0);
    assertArrayEquals(part(LARGE, 5, LARGE.length), Zstd.decompress(rest, LARGE.length - 5));
    refused(
        Code.INVALID_ARGUMENT,
        "a compressed read has no limit",
        () -> read("compressed-blobs/zstd/" + DIGEST, 0, 5));
  }

  @Test
  void textPacksSmall() throws Exception {
    byte[] text = bytes("the same again and again\n".repeat(100_000));
    Digest digest = Digest.of(text);
    byte[] packed = Zstd.compress(text);
    upload("uploads/" + UUID + "/compressed-blobs/zstd/" + digest, packed);
    byte[] back = read("compressed-blobs/zstd/" + digest, 0, 0);
    assertTrue(back.length < text.length / 100, "packed to " + back.length);
    assertArrayEquals(text, Zstd.decompress(back, text.length));
  }

  @Test
  void whatIsThereAlreadyIsAnsweredAtOnce() throws Exception {
    upload(PLAIN, LARGE);
    Stream first = new Stream().send(PLAIN, 0, part(LARGE, 0, 10), false);
    assertEquals(LARGE.length, first.committed());
    Stream packed = new Stream().send(PACKED, 0, new byte[] {1}, false);
    assertEquals(-1, packed.committed());
    assertTrue(status(PLAIN).getComplete());
    assertEquals(LARGE.length, status(PLAIN).getCommittedSize());
  }

  @Test
  void anInterruptedUploadGoesOnWhereItWas() throws Exception {
    assertEquals(0, status(PLAIN).getCommittedSize());
    Stream first = new Stream().send(PLAIN, 0, part(LARGE, 0, 1_000_000), false);
    assertEquals(1_000_000, first.end());
    assertEquals(1_000_000, status(PLAIN).getCommittedSize());
    assertFalse(status(PLAIN).getComplete());
    Stream second = new Stream().send(PLAIN, 1_000_000, part(LARGE, 1_000_000, LARGE.length), true);
    assertEquals(LARGE.length, second.end());
    assertArrayEquals(LARGE, read("blobs/" + DIGEST, 0, 0));
  }

  @Test
  void aSecondStreamTakesOver() throws Exception {
    Stream first = new Stream().send(PLAIN, 0, part(LARGE, 0, 1_000_000), false);
    while (status(PLAIN).getCommittedSize() < 1_000_000) {
      Thread.onSpinWait();
    }
    Stream second = new Stream().send(PLAIN, 1_000_000, part(LARGE, 1_000_000, 2_000_000), false);
    while (status(PLAIN).getCommittedSize() < 2_000_000) {
      Thread.onSpinWait();
    }
    first.send(PLAIN, 2_000_000, new byte[1000], false);
    refused(
        Code.ABORTED,
        "another stream has taken over the upload of %s".formatted(DIGEST),
        first::committed);
    second.send(PLAIN, 2_000_000, part(LARGE, 2_000_000, LARGE.length), true);
    assertEquals(LARGE.length, second.end());
    assertArrayEquals(LARGE, read("blobs/" + DIGEST, 0, 0));
  }

  @Test
  void anUploadThatBeginsAgainBeginsAnew() throws Exception {
    new Stream().send(PLAIN, 0, new byte[1000], false).end();
    assertEquals(LARGE.length, upload(PLAIN, LARGE));
    assertArrayEquals(LARGE, read("blobs/" + DIGEST, 0, 0));
  }

  @Test
  void anUploadNobodyGoesOnWithIsDropped() throws Exception {
    restart(Limits.USUAL.withUploads(1, 1));
    new Stream().send(PLAIN, 0, new byte[1000], false).end();
    String another = "uploads/" + UUID + "/blobs/" + Digest.of("another");
    refused(
        Code.RESOURCE_EXHAUSTED,
        "too many uploads at once",
        () -> upload(another, bytes("another")));
    trial.now.updateAndGet(now -> now.plus(Duration.ofMinutes(11)));
    assertEquals(7, upload(another, bytes("another")));
    assertEquals(0, status(PLAIN).getCommittedSize());
  }

  @Test
  void otherBytesThanTheDigestsAreNotKept() {
    byte[] wrong = LARGE.clone();
    wrong[100] ^= 1;
    refused(
        Code.INVALID_ARGUMENT,
        "the bytes uploaded as %s are not its".formatted(DIGEST),
        () -> upload(PLAIN, wrong));
    nothingIsKept();
    refused(
        Code.INVALID_ARGUMENT,
        "the bytes uploaded as %s are not its".formatted(DIGEST),
        () -> upload(PACKED, Zstd.compress(wrong)));
    nothingIsKept();
  }

  @Test
  void anUploadThatEndsTooEarlyIsNotKept() {
    refused(
        Code.INVALID_ARGUMENT,
        "the upload of %s ended after 1000 bytes".formatted(DIGEST),
        () -> upload(PLAIN, part(LARGE, 0, 1000)));
    nothingIsKept();
    byte[] packed = Zstd.compress(LARGE);
    StatusRuntimeException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            StatusRuntimeException.class, () -> upload(PACKED, part(packed, 0, packed.length - 1)));
    assertEquals(Code.INVALID_ARGUMENT, e.getStatus().getCode());
    nothingIsKept();
  }

  @Test
  void anUploadThatGoesOnTooLongIsNotKept() {
    byte[] more = Arrays.copyOf(LARGE, LARGE.length + 1);
    refused(
        Code.INVALID_ARGUMENT,
        "more bytes came than the %d of %s".formatted(LARGE.length, DIGEST),
        () -> upload(PLAIN, more));
    nothingIsKept();
    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    refused(
        Code.INVALID_ARGUMENT,
        "more bytes came than the %d of %s".formatted(LARGE.length, DIGEST),
        () -> upload(PACKED, bomb));
    nothingIsKept();
    StatusRuntimeException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            StatusRuntimeException.class, () -> upload(PACKED, LARGE));
    assertEquals(
        "INVALID_ARGUMENT: the compressed bytes are not zstd: Unknown frame descriptor",
        e.getMessage());
    nothingIsKept();
  }

  @Test
  void aGapIsRefused() {
    refused(
        Code.INVALID_ARGUMENT,
        "the upload of %s goes on at 10, not at 20".formatted(DIGEST),
        () ->
            new Stream()
                .send(PLAIN, 0, new byte[10], false)
                .send(PLAIN, 20, new byte[10], false)
                .committed());
    nothingIsKept();
  }

  @Test
  void aStreamWritesOneBlob() {
    String another = "uploads/" + UUID + "/blobs/" + Digest.of("another");
    refused(
        Code.INVALID_ARGUMENT,
        "one stream writes one blob: it began '%s' and goes on '%s'".formatted(PLAIN, another),
        () ->
            new Stream()
                .send(PLAIN, 0, new byte[10], false)
                .send(another, 10, new byte[10], false)
                .committed());
    nothingIsKept();
  }

  @Test
  void aBlobHasALimit() throws IOException {
    restart(Limits.USUAL.withBlobBytes(1000));
    refused(
        Code.INVALID_ARGUMENT,
        "a blob may have 1000 bytes, not 3000000",
        () -> upload(PLAIN, LARGE));
    nothingIsKept();
  }

  @Test
  void namesThatAreNoneAreRefused() {
    for (String name :
        new String[] {
          "",
          "blobs",
          "blobs/",
          "blobs/abc/3",
          "blobs/" + DIGEST + "/more",
          "blobs/" + DIGEST.hex(),
          "blobs/" + DIGEST.hex() + "/-1",
          "blobs/" + DIGEST.hex() + "/99999999999999999999",
          "blobs/sha256/" + DIGEST,
          "../../etc/passwd",
          PLAIN
        }) {
      refused(
          Code.INVALID_ARGUMENT,
          "not the name of a blob ([INSTANCE/]blobs/HASH/SIZE, or [INSTANCE/]uploads/UUID/blobs/HASH/SIZE, or compressed-blobs/zstd for blobs): '%s'"
              .formatted(name),
          () -> read(name, 0, 0));
    }
    refused(
        Code.INVALID_ARGUMENT,
        "the compressor here is zstd: compressed-blobs/deflate/" + DIGEST,
        () -> read("compressed-blobs/deflate/" + DIGEST, 0, 0));
    for (String name :
        new String[] {
          "blobs/" + DIGEST, "uploads/not-a-uuid/blobs/" + DIGEST, "uploads/" + UUID + "/blobs"
        }) {
      refused(
          Code.INVALID_ARGUMENT,
          "not the name of a blob ([INSTANCE/]blobs/HASH/SIZE, or [INSTANCE/]uploads/UUID/blobs/HASH/SIZE, or compressed-blobs/zstd for blobs): '%s'"
              .formatted(name),
          () -> upload(name, LARGE));
    }
  }

  @Test
  void rangesThatAreNoneAreRefused() throws Exception {
    upload(PLAIN, LARGE);
    refused(
        Code.OUT_OF_RANGE,
        "cannot read from -1 of a blob of 3000000 bytes",
        () -> read("blobs/" + DIGEST, -1, 0));
    refused(
        Code.OUT_OF_RANGE,
        "cannot read from 3000001 of a blob of 3000000 bytes",
        () -> read("blobs/" + DIGEST, 3_000_001, 0));
    refused(Code.INVALID_ARGUMENT, "cannot read -1 bytes", () -> read("blobs/" + DIGEST, 0, -1));
  }

  @Test
  void aDamagedBlobIsNotHereAnyMore() throws Exception {
    upload(PLAIN, LARGE);
    trial.blobs.damage(DIGEST);
    refused(
        Code.NOT_FOUND,
        "the blob %s was damaged and is not here any more".formatted(DIGEST),
        () -> read("blobs/" + DIGEST, 0, 0));
    refused(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(DIGEST),
        () -> read("blobs/" + DIGEST, 0, 0));
  }
}

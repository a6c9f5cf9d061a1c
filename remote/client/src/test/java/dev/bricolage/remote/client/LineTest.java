package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.client.line.RemoteOptions.Header;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retries, deadlines, the breaker, capabilities and who we say we are. */
final class LineTest {
  private static final Digest ACTION = Digest.of("an action");

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

  private static StatusRuntimeException[] times(int count, StatusRuntimeException ending) {
    return Collections.nCopies(count, ending).toArray(new StatusRuntimeException[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, going away",
    "ABORTED, try again",
    "RESOURCE_EXHAUSTED, quota",
    "DEADLINE_EXCEEDED, slow disk",
    "UNKNOWN, Stream removed",
    "INTERNAL, 'Received RST_STREAM with code 2'",
    "CANCELLED, 'RST_STREAM closed stream. HTTP/2 error code: CANCEL'"
  })
  void whatMayPassIsTriedAgain(Code code, String message) throws Exception {
    fake.refuse("GetActionResult", times(3, Fake.status(code, message)));
    assertEquals(Optional.empty(), remote.results().get(ACTION));
    assertEquals(3, fake.pauses.size());
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, REFUSED, ''",
    "FAILED_PRECONDITION, REFUSED, ''",
    "PERMISSION_DENIED, DENIED, '; it knows you, but you may not do this in the instance '''''",
    "UNAUTHENTICATED, DENIED, '; a header (a token), a .netrc entry or a client certificate says who you are'",
    "UNIMPLEMENTED, UNSUPPORTED, '; is it a server of the Remote Execution API?'",
    "INTERNAL, UNAVAILABLE, ''"
  })
  void whatWillNotPassIsNot(Code code, Kind kind, String wayOut) {
    fake.refuse("GetActionResult", Fake.status(code, "no"));
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
    assertEquals(kind, failure.kind());
    assertEquals(
        "grpc://localhost:%d: GetActionResult of %s: %s: no%s"
            .formatted(fake.port(), ACTION, code, wayOut),
        failure.getMessage());
    assertEquals(List.of(), fake.pauses);
  }

  @Test
  void waitingGrowsAndIsRandom() throws Exception {
    try (Remote patient = fake.remote(fake.options().withRetries(9))) {
      fake.refuse("GetActionResult", times(9, Fake.status(Code.ABORTED, "again")));
      assertEquals(Optional.empty(), patient.results().get(ACTION));
    }
    long bound = 100;
    for (Duration pause : fake.pauses) {
      assertTrue(pause.toMillis() <= Math.min(bound, 10_000), fake.pauses.toString());
      bound *= 2;
    }
    assertTrue(Set.copyOf(fake.pauses).size() > 6, fake.pauses.toString());
  }

  @Test
  void theServerSaysHowLongToWait() throws Exception {
    RetryInfo.Builder info = RetryInfo.newBuilder();
    info.getRetryDelayBuilder().setSeconds(3);
    fake.refuse(
        "GetActionResult",
        Fake.detailed(Code.RESOURCE_EXHAUSTED, "too fast", Any.pack(info.build())));
    assertEquals(Optional.empty(), remote.results().get(ACTION));
    assertEquals(List.of(Duration.ofSeconds(3)), fake.pauses);
  }

  /** Twelve failures in half a minute, however many calls made them. */
  @Test
  void aSickServerIsLeftAloneAndThenTriedOnce() throws Exception {
    StatusRuntimeException down = Fake.status(Code.UNAVAILABLE, "down");
    fake.refuse("GetActionResult", times(13, down));
    for (int i = 0; i < 3; i++) {
      RemoteFailure failure = assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
      assertEquals(
          "grpc://localhost:%d: GetActionResult of %s: UNAVAILABLE: down (tried 4 times)"
              .formatted(fake.port(), ACTION),
          failure.getMessage());
    }
    assertTrue(remote.isSick());
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEquals(
        "grpc://localhost:%d: GetActionResult of %s: not asked, it failed too often; it is left alone for another 5 s"
            .formatted(fake.port(), ACTION),
        failure.getMessage());
    assertEquals(12, fake.count("GetActionResult refused"));

    fake.now = fake.now.plusSeconds(6);
    assertFalse(remote.isSick());
    assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
    assertEquals(13, fake.count("GetActionResult refused"), "one to see");
    assertTrue(remote.isSick());
    fake.now = fake.now.plusSeconds(6);
    assertTrue(remote.isSick(), "twice as long now");
    fake.now = fake.now.plusSeconds(6);
    assertEquals(Optional.empty(), remote.results().get(ACTION));
    assertFalse(remote.isSick());
  }

  @Test
  void whoHasTriedSaysWhatCameOfIt() {
    fake.refuse("GetActionResult", times(20, Fake.status(Code.DEADLINE_EXCEEDED, "no answer")));
    for (int i = 0; i < 2; i++) {
      RemoteFailure failure = assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains(i == 0 ? ": no answer (tried 4 times)" : "not asked"), message);
    }
    assertEquals(4, fake.count("GetActionResult refused"), "silence counts three times");
  }

  @Test
  void whatIsClosedIsNotTriedAgain() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    fake.onRead = (request, answer) -> asked.countDown();
    Caller caller =
        new Caller(() -> {
          RemoteFailure failure =
              assertThrows(
                  RemoteFailure.class,
                  () ->
                      remote
                          .blobs()
                          .fetch(
                              new Digest(1, 2, 3, 4, 10_000_000),
                              new dev.bricolage.store.MemoryBlobs()));
          assertEquals(Kind.UNAVAILABLE, failure.kind());
        });
    asked.await();
    remote.close();
    caller.join();
    assertEquals(List.of(), fake.pauses);
  }

  @Test
  void failuresThatSuccessesMadeGoodAreForgotten() throws Exception {
    for (int i = 0; i < 20; i++) {
      fake.refuse("GetActionResult", Fake.status(Code.UNAVAILABLE, "hiccup"));
      assertEquals(Optional.empty(), remote.results().get(ACTION));
    }
    assertFalse(remote.isSick());
  }

  @Test
  void anInterruptionEndsTheCallHereAndThere() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    fake.onRead =
        (request, answer) -> {
          ((io.grpc.stub.ServerCallStreamObserver<?>) answer).setOnCancelHandler(gone::countDown);
          asked.countDown();
        };
    Caller caller =
        new Caller(() ->
            assertThrows(
                InterruptedException.class,
                () ->
                    remote
                        .blobs()
                        .fetch(
                            new Digest(1, 2, 3, 4, 10_000_000),
                            new dev.bricolage.store.MemoryBlobs())));
    asked.await();
    caller.interrupt();
    caller.join();
    gone.await();
  }

  @Test
  void anInterruptionEndsWaitingForTheNextTry() throws Exception {
    fake.refuse("GetActionResult", times(4, Fake.status(Code.UNAVAILABLE, "down")));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> remote.results().get(ACTION));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aServerThatGoesAwayAndComesBackIsAskedAgainWhatItCanDo() throws Exception {
    assertEquals(3, remote.capabilities().minor());
    assertEquals(3, remote.capabilities().minor());
    assertEquals(1, fake.count("GetCapabilities"));
    fake.restart();
    assertEquals(Optional.empty(), remote.results().get(ACTION));
    var newer = Fake.usual();
    newer.getHighApiVersionBuilder().setMinor(8);
    fake.capabilities = newer.build();
    assertEquals(8, remote.capabilities().minor());
  }

  @Test
  void aServerWithoutCapabilitiesIsTakenForTheOldest() throws Exception {
    fake.refuse("GetCapabilities", Fake.status(Code.UNIMPLEMENTED, "what?"));
    RemoteCapabilities oldest = remote.capabilities();
    assertEquals(0, oldest.minor());
    assertFalse(oldest.zstd());
    assertTrue(oldest.writesResults());
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0, 2, 0, 0",
    "2, 0, 2, 12, 12",
    "2, 0, 2, 30, 12",
    "2, 1, 3, 0, 12",
    "0, 0, 0, 0, 0"
  })
  void theHighestVersionOfBothIsSpoken(int low, int lowMinor, int high, int highMinor, int minor)
      throws Exception {
    speaks(low, lowMinor, high, highMinor);
    assertEquals(minor, remote.capabilities().minor());
  }

  private void speaks(int low, int lowMinor, int high, int highMinor) {
    var all = Fake.usual();
    all.getLowApiVersionBuilder().setMajor(low).setMinor(lowMinor);
    all.getHighApiVersionBuilder().setMajor(high).setMinor(highMinor);
    fake.capabilities = all.build();
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1, 9", "2, 13, 2, 20", "3, 0, 3, 1"})
  void aServerOfOtherVersionsIsRefused(int low, int lowMinor, int high, int highMinor) {
    speaks(low, lowMinor, high, highMinor);
    RemoteFailure failure = assertThrows(RemoteFailure.class, remote::capabilities);
    assertEquals(Kind.UNSUPPORTED, failure.kind());
    assertEquals(
        "grpc://localhost:%d: it speaks versions %d.%d to %d.%d of the Remote Execution API, and we 2.0 to 2.12"
            .formatted(fake.port(), low, lowMinor, high, highMinor),
        failure.getMessage());
  }

  @Test
  void aServerWithoutSha256IsRefused() {
    var all = Fake.usual();
    all.getCacheCapabilitiesBuilder()
        .clearDigestFunctions()
        .addDigestFunctions(DigestFunction.Value.BLAKE3);
    fake.capabilities = all.build();
    RemoteFailure failure = assertThrows(RemoteFailure.class, remote::capabilities);
    assertEquals(Kind.UNSUPPORTED, failure.kind());
    assertEquals(
        "grpc://localhost:%d: its digest functions are [BLAKE3], and ours is SHA256: switch that on at the server"
            .formatted(fake.port()),
        failure.getMessage());
  }

  @Test
  void headersAndTheInstanceGoWithEveryCall() throws Exception {
    RemoteOptions options =
        fake.options()
            .withInstance("main/x")
            .withHeader(Header.parse("Authorization=Bearer abc"))
            .withHeader(new Header("x-team", "a"));
    try (Remote named = fake.remote(options)) {
      assertEquals(3, named.capabilities().minor());
    }
    assertEquals(List.of("GetCapabilities main/x"), fake.log);
    Metadata sent = fake.headers.getFirst();
    assertEquals("Bearer abc", header(sent, "authorization"));
    assertEquals("a", header(sent, "x-team"));
  }

  private static String header(Metadata sent, String name) {
    return String.valueOf(sent.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  @Test
  void netrcSaysWhoWeAreWhereNobodyElseHears(@TempDir Path folder) throws Exception {
    Path netrc = folder.resolve("netrc");
    Files.writeString(netrc, "machine localhost login me password secret\n");
    try (Remote named = fake.remote(fake.options().withNetrc(netrc))) {
      assertEquals(3, named.capabilities().minor());
    }
    assertEquals("Basic bWU6c2VjcmV0", header(fake.headers.getFirst(), "authorization"));
    RemoteOptions far = RemoteOptions.parse("grpc://cache.example:1").withNetrc(netrc);
    Files.writeString(netrc, "default login me password secret\n");
    fake.remote(far).close();
    assertEquals(
        List.of(
            "grpc://cache.example:1: the password in %s is not sent in the clear: write grpcs://"
                .formatted(netrc)),
        fake.warnings);
  }

  @Test
  void nobodyAtThatPort() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (Remote none =
        fake.remote(RemoteOptions.parse("grpc://127.0.0.1:" + port).withRetries(1))) {
      RemoteFailure failure = assertThrows(RemoteFailure.class, () -> none.results().get(ACTION));
      assertEquals(
          "grpc://127.0.0.1:%d: GetActionResult of %s: UNAVAILABLE: io exception (tried 2 times); nothing listens there: is the server running?"
              .formatted(port, ACTION),
          failure.getMessage());
    }
  }

  @Test
  void aSocketOfThisMachine(@TempDir Path folder) throws Exception {
    Path socket = folder.resolve("cache.sock");
    try (Fake near = new Fake(socket);
        Remote there = near.remote(RemoteOptions.parse("unix:" + socket))) {
      assertEquals(3, there.capabilities().minor());
    }
    try (Remote none = fake.remote(RemoteOptions.parse("unix:" + socket).withRetries(0))) {
      RemoteFailure failure = assertThrows(RemoteFailure.class, none::capabilities);
      assertEquals(
          "unix:%s: GetCapabilities: UNAVAILABLE: io exception; nothing listens there: is the server running?"
              .formatted(socket),
          failure.getMessage());
    }
  }

  @Test
  void aHostThatDoesNotExist() throws Exception {
    RemoteOptions nowhere = RemoteOptions.parse("grpc://nowhere.invalid:1").withRetries(0);
    try (Remote none = fake.remote(nowhere)) {
      assertEquals(
          "grpc://nowhere.invalid:1: GetCapabilities: UNAVAILABLE: Unable to resolve host nowhere.invalid; no host has that name here",
          assertThrows(RemoteFailure.class, none::capabilities).getMessage());
    }
  }

  @Test
  void aSilentServerIsNotWaitedForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Remote none =
            fake.remote(
                RemoteOptions.parse("grpc://127.0.0.1:" + silent.getLocalPort())
                    .withRetries(0)
                    .withTimeout(Duration.ofMillis(200)))) {
      RemoteFailure failure = assertThrows(RemoteFailure.class, () -> none.results().get(ACTION));
      assertEquals(Kind.UNAVAILABLE, failure.kind());
    }
  }

  @Test
  void aResultLargerThanAMessageIsTooLarge() {
    fake.result =
        Optional.of(
            dev.bricolage.remote.protocol.Reapi.ActionResult.newBuilder()
                .setStdoutRaw(com.google.protobuf.ByteString.copyFrom(new byte[17 << 20]))
                .build());
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> remote.results().get(ACTION));
    assertEquals(Kind.TOO_LARGE, failure.kind());
    assertEquals(List.of(), fake.pauses);
    assertEquals(List.of("GetActionResult"), List.copyOf(fake.log).subList(0, 1));
    assertEquals(1, Arrays.stream(fake.log.toArray()).count());
  }
}

package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import dev.bricolage.store.MemoryBlobs;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing to a server that is not well. */
final class BadWritesTest {
  private static final int LENGTH = 6_000_000;
  private static final byte[] LARGE = BadReadsTest.noise(LENGTH);

  private final MemoryBlobs store = new MemoryBlobs();
  private final Digest large = store.put(LARGE);
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

  private List<String> streams() {
    return fake.log.stream().filter(line -> line.matches("Write [0-9]+|QueryWriteStatus")).toList();
  }

  private void assertThere() {
    assertArrayEquals(LARGE, fake.blobs.get(large));
  }

  /** A stream that ends so once this many bytes came. */
  private static final class Cut implements StreamObserver<WriteRequest> {
    private final Fake.Writing real;
    private final int after;
    private final Throwable ending;
    private boolean cut;

    Cut(StreamObserver<WriteRequest> real, int after, Throwable ending) {
      this.real = (Fake.Writing) real;
      this.after = after;
      this.ending = ending;
    }

    @Override
    public void onNext(WriteRequest message) {
      if (cut) {
        return;
      }
      real.onNext(message);
      if (real.size() >= after) {
        cut = true;
        real.answer.onError(ending);
      }
    }

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {}
  }

  private void cutOnce(Throwable ending) {
    AtomicInteger writes = new AtomicInteger();
    fake.onWrite = real -> writes.getAndIncrement() == 0 ? new Cut(real, 2_000_000, ending) : real;
  }

  @Test
  void aStreamThatIsCutGoesOnWhereTheServerIs() throws Exception {
    cutOnce(Fake.status(Code.UNAVAILABLE, "going away"));
    remote.blobs().upload(List.of(large), store);
    assertThere();
    assertEquals(List.of("Write 0", "QueryWriteStatus", "Write 2097152"), streams());
  }

  @Test
  void aServerWithoutQueriesGetsItFromTheBeginning() throws Exception {
    cutOnce(Fake.status(Code.UNKNOWN, "Stream removed"));
    fake.refuse("QueryWriteStatus", Fake.status(Code.UNIMPLEMENTED, "what?"));
    remote.blobs().upload(List.of(large), store);
    assertThere();
    assertEquals(List.of("Write 0", "Write 0"), streams());
    assertEquals(2, fake.partial.size(), "under another name");
  }

  @Test
  void aServerThatSaysItHasMoreThanThereIsGetsItFromTheBeginning() throws Exception {
    cutOnce(Fake.status(Code.UNAVAILABLE, "going away"));
    fake.onQuery = said -> said.toBuilder().setCommittedSize(LENGTH + 1L).build();
    remote.blobs().upload(List.of(large), store);
    assertThere();
    assertEquals(List.of("Write 0", "QueryWriteStatus", "Write 0"), streams());
  }

  @Test
  void aServerThatHasItMeanwhileGetsNoMore() throws Exception {
    cutOnce(Fake.status(Code.UNAVAILABLE, "going away"));
    fake.onQuery = said -> said.toBuilder().setComplete(true).build();
    remote.blobs().upload(List.of(large), store);
    assertEquals(List.of("Write 0", "QueryWriteStatus"), streams());
  }

  @Test
  void aServerThatForgotWhatItHadGetsItFromTheBeginning() throws Exception {
    AtomicInteger writes = new AtomicInteger();
    fake.onWrite =
        real ->
            switch (writes.getAndIncrement()) {
              case 0 -> new Cut(real, 2_000_000, Fake.status(Code.UNAVAILABLE, "going away"));
              case 1 -> new Cut(real, 0, Fake.status(Code.INVALID_ARGUMENT, "begin at 0"));
              default -> real;
            };
    remote.blobs().upload(List.of(large), store);
    assertThere();
    assertEquals(List.of("Write 0", "QueryWriteStatus", "Write 2097152", "Write 0"), streams());
  }

  @Test
  void lessCommittedThanSentIsSentOnceMore() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    fake.onWritten =
        said ->
            answers.getAndIncrement() == 0
                ? WriteResponse.newBuilder().setCommittedSize(100).build()
                : said;
    fake.onQuery = said -> said.toBuilder().setCommittedSize(100).build();
    remote.blobs().upload(List.of(large), store);
    assertThere();
    assertEquals(List.of("Write 0", "QueryWriteStatus", "Write 100"), streams());
  }

  @Test
  void moreCommittedThanThereIsCannotBe() {
    fake.onWritten = said -> WriteResponse.newBuilder().setCommittedSize(LENGTH + 7).build();
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.blobs().upload(List.of(large), store));
    assertEquals(Kind.BAD_ANSWER, failure.kind());
    assertEquals(
        "grpc://localhost:%d: Write of %s: it says that it has 6000007 bytes of 6000000"
            .formatted(fake.port(), large),
        failure.getMessage());
  }

  @Test
  void aBlobThatIsThereAlreadyIsAnsweredInTheMiddle() throws Exception {
    fake.onWrite =
        real ->
            new StreamObserver<>() {
              private boolean answered;

              @Override
              public void onNext(WriteRequest message) {
                if (!answered) {
                  answered = true;
                  StreamObserver<WriteResponse> answer = ((Fake.Writing) real).answer;
                  answer.onNext(WriteResponse.newBuilder().setCommittedSize(LENGTH).build());
                  answer.onCompleted();
                }
              }

              @Override
              public void onError(Throwable gone) {}

              @Override
              public void onCompleted() {}
            };
    remote.blobs().upload(List.of(large), store);
    assertEquals(List.of(), fake.pauses);
  }

  @Test
  void withoutBatchesEverythingIsAStream() throws Exception {
    Digest one = store.put(new byte[] {1});
    Digest two = store.put(new byte[] {2});
    fake.refuse("BatchUpdateBlobs", Fake.status(Code.UNIMPLEMENTED, "what?"));
    remote.blobs().upload(List.of(one, two), store);
    assertEquals(Set.of(one, two), fake.blobs.keySet());
    assertEquals(2, fake.count("Write 0"));
  }

  @Test
  void whatABatchDoesNotTakeIsAStream() throws Exception {
    Digest one = store.put(new byte[] {1});
    Digest two = store.put(new byte[] {2});
    fake.onBatchUpdate =
        all ->
            all.toBuilder()
                .setResponses(
                    0,
                    all.getResponses(0).toBuilder()
                        .setStatus(Status.newBuilder().setCode(Code.RESOURCE_EXHAUSTED.value())))
                .build();
    remote.blobs().upload(List.of(one, two), store);
    assertEquals(Set.of(one, two), fake.blobs.keySet());
    assertEquals(1, fake.count("Write 0"));
  }

  @Test
  void batchesAreWithinTheServersLimit() throws Exception {
    var small = Fake.usual();
    small.getCacheCapabilitiesBuilder().setMaxBatchTotalSizeBytes(10_000);
    fake.capabilities = small.build();
    List<Digest> digests =
        IntStream.range(0, 10).mapToObj(i -> store.put(BadReadsTest.noise(3_000 + i))).toList();
    Digest over = store.put(BadReadsTest.noise(9_999));
    List<Digest> all = new ArrayList<>(digests);
    all.add(over);
    remote.blobs().upload(all, store);
    assertEquals(Set.copyOf(all), fake.blobs.keySet());
    assertEquals(3, fake.count("BatchUpdateBlobs 3"));
    assertEquals(1, fake.count("BatchUpdateBlobs 1"));
    assertEquals(1, fake.count("Write 0"));
  }

  @Test
  void aBlobThatNobodyHasIsNamed() {
    Digest nowhere = Digest.of("nowhere");
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.blobs().upload(List.of(nowhere), store));
    assertEquals(Kind.MISSING, failure.kind());
    assertEquals(Set.of(nowhere), failure.missing());
    assertEquals(
        "grpc://localhost:%d: the blob %s is to be sent there, and is not in the store: what made it must run again"
            .formatted(fake.port(), nowhere),
        failure.getMessage());
  }

  @Test
  void aBlobThatIsDamagedHereIsNotSentAndNamed() {
    store.damage(large);
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.blobs().upload(List.of(large), store));
    assertEquals(Kind.MISSING, failure.kind());
    assertEquals(Set.of(large), failure.missing());
    assertEquals(Set.of(), fake.blobs.keySet());
  }

  @Test
  void aBlobLargerThanTheServerTakesIsNotSent() {
    var small = Fake.usual();
    small.getCacheCapabilitiesBuilder().setMaxCasBlobSizeBytes(1000);
    fake.capabilities = small.build();
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.blobs().upload(List.of(large), store));
    assertEquals(Kind.TOO_LARGE, failure.kind());
    assertEquals(
        "grpc://localhost:%d: the blob %s is larger than the 1000 bytes that it takes"
            .formatted(fake.port(), large),
        failure.getMessage());
  }

  /**
   * <pre>
   * first    FindMissing  Batch... . . . . . . . . . . . there
   * others                      wait for the first . . . there
   * </pre>
   */
  @Test
  void aBlobIsSentOnceHoweverManyWantItThere() throws Exception {
    Digest digest = store.put(new byte[] {1, 2, 3});
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    fake.onBatchUpdate =
        all -> {
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return all;
        };
    List<Caller> callers = new ArrayList<>();
    callers.add(new Caller(() -> remote.blobs().upload(List.of(digest), store)));
    begun.await();
    for (int i = 0; i < 7; i++) {
      Caller caller = new Caller(() -> remote.blobs().upload(List.of(digest), store));
      caller.awaitWaiting();
      callers.add(caller);
    }
    go.countDown();
    for (Caller caller : callers) {
      caller.join();
    }
    assertEquals(1, fake.count("FindMissingBlobs"));
    assertEquals(1, fake.count("BatchUpdateBlobs"));
  }

  @Test
  void whoWaitedForAnInterruptedUploadDoesItItself() throws Exception {
    Digest digest = store.put(new byte[] {1, 2, 3});
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger updates = new AtomicInteger();
    fake.onBatchUpdate =
        all -> {
          if (updates.getAndIncrement() == 0) {
            begun.countDown();
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return all;
        };
    Caller first =
        new Caller(() ->
            assertThrows(
                InterruptedException.class, () -> remote.blobs().upload(List.of(digest), store)));
    begun.await();
    Caller second = new Caller(() -> remote.blobs().upload(List.of(digest), store));
    second.awaitWaiting();
    first.interrupt();
    first.join();
    second.join();
    never.countDown();
    assertTrue(fake.blobs.containsKey(digest));
    assertEquals(2, updates.get());
  }

  @Test
  void aHundredThousandDigestsAreAskedForInPortions() throws Exception {
    List<Digest> digests =
        IntStream.range(0, 100_000).mapToObj(i -> new Digest(i, 1, 2, 3, i)).toList();
    assertEquals(Set.copyOf(digests), remote.blobs().missing(digests));
    assertEquals(10, fake.count("FindMissingBlobs 10000"));
  }
}

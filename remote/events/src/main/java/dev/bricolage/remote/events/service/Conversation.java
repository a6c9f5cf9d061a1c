package dev.bricolage.remote.events.service;

import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamRequest;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream to the service, from the first event it has not acknowledged to its end or the next
 * cut.
 */
final class Conversation
    implements ClientResponseObserver<
        PublishBuildToolEventStreamRequest, PublishBuildToolEventStreamResponse> {
  private final Backlog backlog;
  private final Messages messages;
  private final Duration silence;
  private final Semaphore news = new Semaphore(0);
  private @Nullable ClientCallStreamObserver<PublishBuildToolEventStreamRequest> requests;
  private Optional<Status> ended = Optional.empty();
  private boolean progressed;
  private long heardNanos;

  /** A conversation that is to be begun with {@code publishBuildToolEventStream(this)}. */
  Conversation(Backlog backlog, Messages messages, Duration silence) {
    this.backlog = backlog;
    this.messages = messages;
    this.silence = silence;
    this.heardNanos = System.nanoTime();
  }

  /** Whether any event was acknowledged. */
  synchronized boolean progressed() {
    return progressed;
  }

  @Override
  public synchronized void beforeStart(
      ClientCallStreamObserver<PublishBuildToolEventStreamRequest> stream) {
    requests = stream;
    stream.setOnReadyHandler(this::wake);
  }

  /** There is something to send, or an end to come to. */
  void wake() {
    news.release();
  }

  @Override
  public synchronized void onNext(PublishBuildToolEventStreamResponse response) {
    if (backlog.acknowledged(response.getSequenceNumber())) {
      progressed = true;
    }
    heardNanos = System.nanoTime();
    wake();
  }

  @Override
  public synchronized void onError(Throwable failure) {
    ended = Optional.of(Status.fromThrowable(failure));
    wake();
  }

  @Override
  public synchronized void onCompleted() {
    ended = Optional.of(Status.OK);
    wake();
  }

  /**
   * Sends what is there and what comes.
   *
   * @param complete says whether the last event is in the backlog
   * @return how it ended: OK when all is acknowledged
   */
  Status run(BooleanSupplier complete) throws IOException, InterruptedException {
    long next = backlog.first();
    boolean closed = false;
    try {
      while (true) {
        Optional<Status> end = end(complete);
        if (end.isPresent()) {
          return end.get();
        }
        if (canSend(next)) {
          send(next++);
        } else if (!closed && complete.getAsBoolean() && next > backlog.last()) {
          closed = true;
          stream().onCompleted();
        } else {
          await();
        }
      }
    } catch (InterruptedException | IOException | RuntimeException e) {
      stream().cancel("not wanted any more", e);
      throw e;
    }
  }

  private synchronized Optional<Status> end(BooleanSupplier complete) {
    if (complete.getAsBoolean() && backlog.size() == 0) {
      return Optional.of(Status.OK);
    }
    if (ended.isPresent()) {
      Status status = ended.get();
      return Optional.of(
          status.isOk()
              ? Status.UNAVAILABLE.withDescription("it ended the stream before its time")
              : status);
    }
    if (backlog.size() > 0 && System.nanoTime() - heardNanos > silence.toNanos()) {
      stream().cancel("no answer", null);
      return Optional.of(
          Status.DEADLINE_EXCEEDED.withDescription(
              "it acknowledges nothing for " + silence.toSeconds() + " s"));
    }
    if (backlog.size() == 0) {
      heardNanos = System.nanoTime();
    }
    return Optional.empty();
  }

  private boolean canSend(long number) {
    return number <= backlog.last() && stream().isReady();
  }

  /** One that is acknowledged already, out of its turn, must be there all the same: none is. */
  private void send(long number) throws IOException {
    Optional<byte[]> event = backlog.get(number);
    if (event.isPresent()) {
      stream().onNext(messages.ordered(number, event.get()));
    }
  }

  /** Until something happens, but not much longer than a service may be silent. */
  private void await() throws InterruptedException {
    if (news.tryAcquire(Math.min(1000, silence.toMillis()), TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }

  private ClientCallStreamObserver<PublishBuildToolEventStreamRequest> stream() {
    if (requests == null) {
      throw new IllegalStateException("the stream was never begun");
    }
    return requests;
  }
}

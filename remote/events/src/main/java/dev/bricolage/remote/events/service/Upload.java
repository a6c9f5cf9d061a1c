package dev.bricolage.remote.events.service;

import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes.PublishLifecycleEventRequest;
import dev.bricolage.remote.protocol.PublishBuildEventGrpc;
import dev.bricolage.remote.protocol.PublishBuildEventGrpc.PublishBuildEventBlockingStub;
import dev.bricolage.remote.protocol.PublishBuildEventGrpc.PublishBuildEventStub;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The events of one invocation on their way to a service, on a thread of their own. What fails for
 * a while is tried again from the first event that was not acknowledged; what fails for good is
 * told once, and the rest is dropped. A build never waits for it but at its end.
 */
public final class Upload implements AutoCloseable {
  /** Beyond this it goes to the disk. */
  private static final long MOST_IN_MEMORY = 16 << 20;

  /** So many milliseconds are waited without a word. */
  private static final long UNTOLD = 5000;

  private static final Duration LIFECYCLE_CALL = Duration.ofSeconds(20);

  /** Trying again would bring the same. */
  private static final Set<Status.Code> FINAL =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.OUT_OF_RANGE,
          Status.Code.ALREADY_EXISTS,
          Status.Code.NOT_FOUND,
          Status.Code.UNAUTHENTICATED,
          Status.Code.PERMISSION_DENIED,
          Status.Code.UNIMPLEMENTED);

  private final Destination destination;
  private final Messages messages;
  private final Pace pace;
  private final Backlog backlog;
  private final Supplier<ManagedChannel> channels;
  private final Thread sender = Thread.ofVirtual().name("build event service").unstarted(this::run);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Consumer<String> tell;
  private volatile Optional<End> end = Optional.empty();
  private volatile Optional<Conversation> conversation = Optional.empty();
  private volatile boolean dropped;
  private volatile String trouble = "";

  Upload(
      Destination destination,
      Invocation invocation,
      Consumer<String> tell,
      Pace pace,
      long mostInMemory,
      Supplier<ManagedChannel> channels) {
    this.destination = destination;
    this.messages = new Messages(invocation, destination.project());
    this.tell = tell;
    this.pace = pace;
    this.backlog = new Backlog(mostInMemory, destination.scratch());
    this.channels = channels;
  }

  /**
   * Begins.
   *
   * @param tell gets lines for the user
   */
  public static Upload start(
      Destination destination, Invocation invocation, Consumer<String> tell) {
    Upload upload =
        new Upload(
            destination, invocation, tell, Pace.USUAL, MOST_IN_MEMORY, () -> channel(destination));
    destination
        .results()
        .ifPresent(url ->
            tell.accept(
                "streaming build results to: "
                    + url
                    + (url.endsWith("/") ? "" : "/")
                    + invocation.id()));
    upload.begin();
    return upload;
  }

  void begin() {
    sender.start();
  }

  private static ManagedChannel channel(Destination destination) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(destination.host(), destination.port());
    return (destination.secret() ? builder.useTransportSecurity() : builder.usePlaintext()).build();
  }

  /** Another event. */
  public void add(Bep.BuildEvent event) {
    put(Messages.toolEvent(event));
  }

  private void put(byte[] event) {
    if (dropped) {
      return;
    }
    try {
      backlog.add(event);
      conversation.ifPresent(Conversation::wake);
    } catch (IOException full) {
      giveUp("no room for events that wait: " + full.getMessage());
    }
  }

  /** No event comes any more. */
  public void end(End how) {
    put(Messages.toolFinished());
    end = Optional.of(how);
    conversation.ifPresent(Conversation::wake);
  }

  /**
   * Waits until all has arrived, or until it is clear that it will not, and as long as the
   * destination says; then nothing is sent any more. If it says that nobody waits, what is left
   * goes on behind the caller's back.
   *
   * @param later gets lines when the user is gone
   * @throws InterruptedException when the thread is interrupted, after telling what has not arrived
   */
  public void await(Consumer<String> later) throws InterruptedException {
    if (!destination.waits()) {
      tell = later;
      Thread.ofVirtual().name("build event service, behind").start(this::awaitBehind);
      return;
    }
    try {
      awaitEnd();
    } finally {
      close();
    }
  }

  private void awaitBehind() {
    try (this) {
      awaitEnd();
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEnd() throws InterruptedException {
    try {
      long most = destination.patience().map(Duration::toMillis).orElse(Long.MAX_VALUE);
      if (over.await(Math.min(most, UNTOLD), TimeUnit.MILLISECONDS)) {
        return;
      }
      if (most > UNTOLD && destination.waits()) {
        tell.accept(
            "waiting for the build event service at %s: %d events to go%s; Ctrl-C ends it"
                .formatted(
                    destination.name(),
                    backlog.size(),
                    trouble.isEmpty() ? "" : " (" + trouble + ")"));
      }
      if (!over.await(most - UNTOLD, TimeUnit.MILLISECONDS)) {
        giveUp("it takes longer than --bes_timeout" + (trouble.isEmpty() ? "" : ": " + trouble));
      }
    } catch (InterruptedException impatient) {
      giveUp("the wait for it was interrupted");
      throw impatient;
    }
  }

  private synchronized void giveUp(String reason) {
    if (dropped || over.getCount() == 0) {
      return;
    }
    dropped = true;
    tell.accept(
        "the build event service at %s: %s; %d of %d events have not arrived"
            .formatted(destination.name(), reason, backlog.size(), backlog.last()));
    sender.interrupt();
  }

  /** Nothing is sent any more. */
  @Override
  public void close() {
    dropped = true;
    sender.interrupt();
  }

  private void run() {
    try {
      ManagedChannel channel = channels.get();
      try {
        sendAll(channel);
      } finally {
        channel.shutdownNow();
      }
    } catch (InterruptedException dropped) {
      // Whoever interrupted has told why.
    } catch (IOException | RuntimeException e) {
      giveUp(String.valueOf(e));
    } finally {
      over.countDown();
      drop();
    }
  }

  private void drop() {
    try {
      backlog.close();
    } catch (IOException e) {
      tell.accept("events that waited to be sent: " + e.getMessage());
    }
  }

  private void sendAll(ManagedChannel channel) throws IOException, InterruptedException {
    ClientInterceptor headers = MetadataUtils.newAttachHeadersInterceptor(headers());
    PublishBuildEventBlockingStub blocking =
        PublishBuildEventGrpc.newBlockingStub(channel).withInterceptors(headers);
    PublishBuildEventStub stub = PublishBuildEventGrpc.newStub(channel).withInterceptors(headers);
    boolean arrived =
        lifecycle(blocking, messages.enqueued())
            && lifecycle(blocking, messages.started())
            && tool(stub);
    if (arrived && end.isPresent()) {
      boolean closed =
          lifecycle(blocking, messages.ended(end.get()))
              && lifecycle(blocking, messages.finished(end.get()));
      if (!closed) {
        return;
      }
    }
  }

  private Metadata headers() {
    Metadata headers = new Metadata();
    for (Destination.Header header : destination.headers()) {
      headers.put(Metadata.Key.of(header.name(), Metadata.ASCII_STRING_MARSHALLER), header.value());
    }
    return headers;
  }

  /** Whether it arrived; else it was told why not. */
  private boolean lifecycle(
      PublishBuildEventBlockingStub stub, PublishLifecycleEventRequest request)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        stub.withDeadlineAfter(LIFECYCLE_CALL.toMillis(), TimeUnit.MILLISECONDS)
            .publishLifecycleEvent(request);
        return true;
      } catch (StatusRuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (!isTriedAgain(e.getStatus(), failures)) {
          return false;
        }
      }
    }
  }

  private boolean tool(PublishBuildEventStub stub) throws IOException, InterruptedException {
    int failures = 0;
    while (true) {
      Conversation now = new Conversation(backlog, messages, pace.silence());
      stub.publishBuildToolEventStream(now);
      conversation = Optional.of(now);
      Status status = now.run(() -> end.isPresent());
      if (status.isOk()) {
        return true;
      }
      failures = now.progressed() ? 1 : failures + 1;
      if (!isTriedAgain(status, failures)) {
        return false;
      }
    }
  }

  /** Waits a while, if it is. */
  private boolean isTriedAgain(Status status, int failures) throws InterruptedException {
    trouble = brief(status);
    if (FINAL.contains(status.getCode()) || failures >= pace.tries()) {
      giveUp(trouble);
      return false;
    }
    Thread.sleep(pace.pause(failures));
    return true;
  }

  private static String brief(Status status) {
    String description = status.getDescription();
    return status.getCode() + (description == null ? "" : ": " + description);
  }

  /** Waits until nothing is under way any more. */
  void over() throws InterruptedException {
    over.await();
  }

  /** How many bytes had to go to the disk. */
  long spilled() {
    return backlog.spilled();
  }
}

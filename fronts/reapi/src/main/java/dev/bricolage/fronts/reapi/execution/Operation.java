package dev.bricolage.fronts.reapi.execution;

import com.google.protobuf.Any;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Tail;
import dev.bricolage.fronts.reapi.wire.Tails;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.ExecuteOperationMetadata;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import dev.bricolage.remote.protocol.Reapi.ExecutionStage;
import dev.bricolage.sandbox.Console;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One execution and the streams that watch it. Its stages: queued, executing, completed; a watcher
 * hears the one it finds and every later one, the last with the response. Nobody need watch: a
 * client whose connection broke comes back and waits by name.
 */
final class Operation {
  private static final String STDOUT = "/stdout";
  private static final String STDERR = "/stderr";

  private final String name;
  private final String tenant;
  private final Digest action;
  private final Tails tails;
  private final Map<String, Tail> spoken = new HashMap<>();
  private final List<ServerCallStreamObserver<com.google.longrunning.Operation>> watchers =
      new ArrayList<>();
  private ExecutionStage.Value stage = ExecutionStage.Value.QUEUED;
  private Optional<ExecuteResponse> response = Optional.empty();
  private Instant unwatchedSince = Instant.MAX;
  private Runnable interrupt = () -> {};

  Operation(String name, String tenant, Digest action, Tails tails) {
    this.tails = tails;
    this.name = name;
    this.tenant = tenant;
    this.action = action;
  }

  String name() {
    return name;
  }

  String tenant() {
    return tenant;
  }

  Digest action() {
    return action;
  }

  /** What {@link #cancel} does from now on. */
  synchronized void onCancel(Runnable interrupts) {
    interrupt = interrupts;
  }

  /** Ends it early; its watchers hear CANCELLED. */
  synchronized void cancel() {
    if (response.isEmpty()) {
      interrupt.run();
    }
  }

  /** Shows this stream what there is and what comes. */
  synchronized void watch(
      ServerCallStreamObserver<com.google.longrunning.Operation> watcher, Runnable whenGone) {
    unwatchedSince = Instant.MAX;
    watcher.setOnCancelHandler(whenGone);
    watcher.onNext(message());
    if (response.isPresent()) {
      watcher.onCompleted();
    } else {
      watchers.add(watcher);
    }
  }

  /** This stream is gone. */
  synchronized void unwatch(
      ServerCallStreamObserver<com.google.longrunning.Operation> watcher, Instant now) {
    watchers.remove(watcher);
    if (watchers.isEmpty()) {
      unwatchedSince = now;
    }
  }

  /** Since when nobody watches; the far future while somebody does. */
  synchronized Instant unwatchedSince() {
    return unwatchedSince;
  }

  /** The command runs. */
  synchronized void executing() {
    if (stage == ExecutionStage.Value.QUEUED) {
      stage = ExecutionStage.Value.EXECUTING;
      watchers.forEach(watcher -> watcher.onNext(message()));
    }
  }

  /** Takes what the command writes, for whoever looks on. */
  Console console() {
    return new Console() {
      @Override
      public void stdout(byte[] bytes, int offset, int length) {
        tail(STDOUT).write(bytes, offset, length);
      }

      @Override
      public void stderr(byte[] bytes, int offset, int length) {
        tail(STDERR).write(bytes, offset, length);
      }
    };
  }

  /** A command that says nothing costs nobody a stream: watchers hear of it with its first word. */
  private synchronized Tail tail(String stream) {
    Tail known = spoken.get(stream);
    if (known == null) {
      known = tails.open(name + stream, tenant);
      spoken.put(stream, known);
      watchers.forEach(watcher -> watcher.onNext(message()));
    }
    return known;
  }

  /** It is over. */
  synchronized void complete(ExecuteResponse with, Instant now) {
    spoken.keySet().forEach(stream -> tails.close(name + stream));
    stage = ExecutionStage.Value.COMPLETED;
    response = Optional.of(with);
    unwatchedSince = now;
    watchers.forEach(watcher -> {
      watcher.onNext(message());
      watcher.onCompleted();
    });
    watchers.clear();
    notifyAll();
  }

  /** Waits until it is over, or so long. */
  synchronized void await(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toNanos(); response.isEmpty() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
  }

  synchronized boolean isComplete() {
    return response.isPresent();
  }

  /** As {@code google.longrunning} has it. */
  synchronized com.google.longrunning.Operation message() {
    ExecuteOperationMetadata.Builder metadata =
        ExecuteOperationMetadata.newBuilder()
            .setStage(stage)
            .setActionDigest(Digests.write(action))
            .setDigestFunction(DigestFunction.Value.SHA256);
    if (spoken.containsKey(STDOUT)) {
      metadata.setStdoutStreamName(name + STDOUT);
    }
    if (spoken.containsKey(STDERR)) {
      metadata.setStderrStreamName(name + STDERR);
    }
    com.google.longrunning.Operation.Builder message =
        com.google.longrunning.Operation.newBuilder()
            .setName(name)
            .setMetadata(Any.pack(metadata.build()));
    response.ifPresent(done -> message.setDone(true).setResponse(Any.pack(done)));
    return message.build();
  }
}

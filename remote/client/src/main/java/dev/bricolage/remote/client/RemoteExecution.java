package dev.bricolage.remote.client;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.Ending;
import dev.bricolage.remote.client.line.Exchange;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.Tries;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.ExecutionGrpc;
import dev.bricolage.remote.protocol.Reapi.ExecuteOperationMetadata;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import dev.bricolage.remote.protocol.Reapi.WaitExecutionRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The server's workers. */
public final class RemoteExecution {
  private final Line line;

  RemoteExecution(Line line) {
    this.line = line;
  }

  /** How far an action is. */
  public enum Stage {
    UNKNOWN,
    CACHE_CHECK,
    QUEUED,
    EXECUTING,
    COMPLETED
  }

  /**
   * Hears of an action while it runs; of nothing after {@link RemoteExecution#run} has returned.
   */
  public interface Listener {
    /** It has come to another stage. */
    default void stage(Stage stage) {}

    /**
     * Bytes of standard output as they come, from servers that tell: a beginning of the result's
     * own, seldom all of it.
     */
    default void stdout(byte[] bytes) {}

    /** The same for standard error. */
    default void stderr(byte[] bytes) {}

    /** The result is from the server's cache. */
    default void remembered() {}

    /** Its time was up; this is what there was by then. */
    default void timedOut(RemoteResult soFar) {}
  }

  /**
   * Runs an action, however long it takes. A stream that is cut is taken up again where the server
   * can, and else the action is asked for again. An interruption cancels it there too.
   *
   * @param action its digest; it, its command and all its inputs are there already
   * @param skipCacheLookup whether it runs though its result is known
   * @param priority lower is sooner; 0 is the server's own choice
   * @throws RemoteFailure MISSING with the blobs to be sent first, TIMED_OUT when the action's own
   *     limit was reached, REFUSED when it cannot be run so, UNAVAILABLE when there is nobody to
   *     run it
   */
  public RemoteResult run(Digest action, boolean skipCacheLookup, int priority, Listener listener)
      throws RemoteFailure, InterruptedException {
    ExecuteRequest.Builder request =
        ExecuteRequest.newBuilder()
            .setInstanceName(line.options().instance())
            .setActionDigest(Digests.write(action))
            .setSkipCacheLookup(skipCacheLookup)
            .setInlineStdout(true)
            .setInlineStderr(true);
    if (priority != 0) {
      request.getExecutionPolicyBuilder().setPriority(priority);
    }
    try (Run run = new Run(request.build(), "Execute of " + action, listener)) {
      return line.attempts(run.call, run::attempt);
    }
  }

  /** One action, from when it is asked for to its result. */
  private final class Run implements AutoCloseable {
    private final ExecuteRequest request;
    private final String call;
    private final Listener listener;
    private final Set<String> streams = new HashSet<>();
    private final List<Thread> tails = new ArrayList<>();
    private Optional<String> name = Optional.empty();
    private Stage stage = Stage.UNKNOWN;
    private Stage furthest = Stage.UNKNOWN;
    private boolean done;

    Run(ExecuteRequest request, String call, Listener listener) {
      this.request = request;
      this.call = call;
      this.listener = listener;
    }

    RemoteResult attempt(Tries tries) throws StatusException, RemoteFailure, InterruptedException {
      boolean again = name.isPresent();
      try (Exchange<?, Operation> exchange = again ? wait(name.get()) : execute()) {
        Optional<Operation> operation = exchange.next();
        while (operation.isPresent()) {
          update(operation.get(), tries);
          if (operation.get().getDone()) {
            return finish(operation.get());
          }
          operation = exchange.next();
        }
      } catch (StatusException e) {
        if (again && isForgotten(e.getStatus().getCode())) {
          name = Optional.empty();
          throw later("the operation was forgotten: " + e.getStatus().getDescription());
        }
        throw e;
      }
      throw later("the stream ended before the action did");
    }

    private static boolean isForgotten(Code code) {
      return switch (code) {
        case NOT_FOUND, UNIMPLEMENTED, INVALID_ARGUMENT, FAILED_PRECONDITION -> true;
        default -> false;
      };
    }

    private static StatusException later(String why) {
      return new StatusException(Status.UNAVAILABLE.withDescription(why));
    }

    private Exchange<ExecuteRequest, Operation> execute()
        throws StatusException, InterruptedException {
      Exchange<ExecuteRequest, Operation> exchange =
          line.patientStream(ExecutionGrpc.getExecuteMethod());
      exchange.send(request);
      exchange.end();
      return exchange;
    }

    private Exchange<WaitExecutionRequest, Operation> wait(String operation)
        throws StatusException, InterruptedException {
      Exchange<WaitExecutionRequest, Operation> exchange =
          line.patientStream(ExecutionGrpc.getWaitExecutionMethod());
      exchange.send(WaitExecutionRequest.newBuilder().setName(operation).build());
      exchange.end();
      return exchange;
    }

    private void update(Operation operation, Tries tries) {
      if (!operation.getName().isEmpty()) {
        name = Optional.of(operation.getName());
      }
      if (!operation.getMetadata().is(ExecuteOperationMetadata.class)) {
        return;
      }
      try {
        ExecuteOperationMetadata now =
            operation.getMetadata().unpack(ExecuteOperationMetadata.class);
        Stage next = stage(now);
        if (next != stage) {
          if (next.compareTo(furthest) > 0) {
            furthest = next;
            tries.progressed();
          }
          stage = next;
          listener.stage(next);
        }
        follow("stdout", now.getStdoutStreamName(), listener::stdout);
        follow("stderr", now.getStderrStreamName(), listener::stderr);
      } catch (InvalidProtocolBufferException e) {
        line.warnOnce(
            "%s: %s: what it tells of its progress cannot be read"
                .formatted(line.options().target(), call));
      }
    }

    private static Stage stage(ExecuteOperationMetadata metadata) {
      return switch (metadata.getStage()) {
        case CACHE_CHECK -> Stage.CACHE_CHECK;
        case QUEUED -> Stage.QUEUED;
        case EXECUTING -> Stage.EXECUTING;
        case COMPLETED -> Stage.COMPLETED;
        default -> Stage.UNKNOWN;
      };
    }

    /**
     * Reads a stream of output beside us, as far as it goes: the result has all of it. An action
     * that is asked for again says the same again, and is not listened to.
     */
    private void follow(String stream, String resource, Consumer<byte[]> sink) {
      if (!resource.isEmpty() && streams.add(stream)) {
        tails.add(Thread.startVirtualThread(() -> tail(resource, sink)));
      }
    }

    private void tail(String resource, Consumer<byte[]> sink) {
      try (Exchange<ReadRequest, ReadResponse> exchange =
          line.patientStream(ByteStreamGrpc.getReadMethod())) {
        exchange.send(ReadRequest.newBuilder().setResourceName(resource).build());
        exchange.end();
        Optional<ReadResponse> piece = exchange.next();
        while (piece.isPresent()) {
          sink.accept(piece.get().getData().toByteArray());
          piece = exchange.next();
        }
      } catch (StatusException | InterruptedException e) {
        return; // a look ahead, and no more
      }
    }

    private RemoteResult finish(Operation operation) throws StatusException, RemoteFailure {
      done = true;
      if (operation.hasError()) {
        throw failed(operation.getError());
      }
      ExecuteResponse response = response(operation);
      if (response.getStatus().getCode() == Code.DEADLINE_EXCEEDED.value()) {
        listener.timedOut(result(response));
        throw new RemoteFailure(
            Kind.TIMED_OUT,
            "%s: %s: it took longer than it may: %s"
                .formatted(line.options().target(), call, response.getStatus().getMessage()));
      }
      if (response.getStatus().getCode() != Code.OK.value()) {
        throw failed(response.getStatus());
      }
      if (response.getCachedResult()) {
        listener.remembered();
      }
      return result(response);
    }

    /** What may be otherwise next time is asked for again, from the beginning. */
    private StatusException failed(com.google.rpc.Status status) throws RemoteFailure {
      Ending ending = Ending.of(status);
      if (!ending.mayHelp()) {
        throw ending.failure(line.options(), call, 1);
      }
      done = false;
      name = Optional.empty();
      stage = Stage.UNKNOWN;
      return StatusProto.toStatusException(status);
    }

    private ExecuteResponse response(Operation operation) throws RemoteFailure {
      try {
        return operation.getResponse().unpack(ExecuteResponse.class);
      } catch (InvalidProtocolBufferException e) {
        throw bad("it has ended without a response that can be read");
      }
    }

    private RemoteResult result(ExecuteResponse response) throws RemoteFailure {
      try {
        return Results.read(response.getResult());
      } catch (IllegalArgumentException e) {
        throw bad(String.valueOf(e.getMessage()));
      }
    }

    private RemoteFailure bad(String why) {
      return new RemoteFailure(
          Kind.BAD_ANSWER, "%s: %s: %s".formatted(line.options().target(), call, why));
    }

    /** Nobody waits for it any more: not here, and so not there either. */
    @Override
    public void close() {
      tails.forEach(Thread::interrupt);
      tails.forEach(this::join);
      if (!done && name.isPresent()) {
        String operation = name.get();
        line.beside(() -> cancel(operation));
      }
    }

    private void join(Thread tail) {
      boolean interrupted = false;
      while (tail.isAlive()) {
        try {
          tail.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void cancel(String operation) {
      try {
        var _ =
            line.once(
                OperationsGrpc.getCancelOperationMethod(),
                CancelOperationRequest.newBuilder().setName(operation).build());
      } catch (StatusException | InterruptedException e) {
        return; // many servers have no such call; they notice that nobody watches
      }
    }
  }
}

package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.metrics.ActionMeters;
import dev.bricolage.fronts.reapi.results.Inlined;
import dev.bricolage.fronts.reapi.results.ResultCache;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.trace.Span;
import dev.bricolage.fronts.reapi.trace.Tracing;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.Refusals;
import dev.bricolage.remote.protocol.ExecutionGrpc.ExecutionImplBase;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import dev.bricolage.remote.protocol.Reapi.WaitExecutionRequest;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * REAPI's {@code Execution}. What is wrong with the request, missing blobs too, ends the call; what
 * goes wrong later is the status within the response. Only a command that ended with 0 goes into
 * the action cache.
 */
public final class ExecutionService extends ExecutionImplBase {
  private final Admission admission;
  private final ResultCache cache;
  private final Operations operations;
  private final ActionExecutor executor;
  private final ActionMeters meters;
  private final Consumer<Throwable> faults;

  /** The service behind this door. */
  public ExecutionService(
      Admission admission,
      ResultCache cache,
      Operations operations,
      ActionExecutor executor,
      ActionMeters meters,
      Consumer<Throwable> faults) {
    this.admission = admission;
    this.cache = cache;
    this.operations = operations;
    this.executor = executor;
    this.meters = meters;
    this.faults = faults;
  }

  @Override
  public void execute(
      ExecuteRequest request, StreamObserver<com.google.longrunning.Operation> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    if (!blobs.tenant().executes()) {
      throw Refusal.denied(
          "actions are not run for the instance '%s'".formatted(blobs.tenant().name()));
    }
    Digest digest = Digests.read(request.getActionDigest());
    WorkReader reader = new WorkReader(blobs, admission.limits().folders());
    Reapi.Action action = reader.action(digest);
    Optional<ActionResult> known =
        request.getSkipCacheLookup() || action.getDoNotCache()
            ? Optional.empty()
            : cache.get(blobs, digest);
    Operation operation =
        known.isPresent()
            ? answered(request, blobs, digest, known.get())
            : started(request, blobs, read(reader, request, digest, action));
    watch(operation, answer);
  }

  private static WorkReader.Read read(
      WorkReader reader, ExecuteRequest request, Digest digest, Reapi.Action action) {
    Span span = Tracing.current().child("fetch inputs");
    try {
      WorkReader.Read read = reader.read(request, digest, action);
      span.end();
      return read;
    } catch (RuntimeException e) {
      span.failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
      throw e;
    }
  }

  private Operation answered(
      ExecuteRequest request, TenantBlobs blobs, Digest digest, ActionResult known) {
    Operation operation = operations.add(blobs.tenant().name(), digest);
    meters.cached();
    operation.complete(
        ExecuteResponse.newBuilder()
            .setResult(inlined(request).into(known, blobs))
            .setCachedResult(true)
            .build(),
        operations.now());
    return operation;
  }

  private static Inlined inlined(ExecuteRequest request) {
    return new Inlined(
        request.getInlineStdout(), request.getInlineStderr(), request.getInlineOutputFilesList());
  }

  private Operation started(ExecuteRequest request, TenantBlobs blobs, WorkReader.Read read) {
    Operation operation = operations.begin(blobs.tenant().name(), read.work().action());
    Span span = Tracing.current().child("action");
    span.note("bric.action", read.work().action().toString());
    Thread thread = Thread.startVirtualThread(() -> run(operation, request, blobs, read, span));
    operation.onCancel(thread::interrupt);
    return operation;
  }

  private void run(
      Operation operation,
      ExecuteRequest request,
      TenantBlobs blobs,
      WorkReader.Read read,
      Span span) {
    Passage passage = new Passage(operation, meters.waits(), span);
    ExecuteResponse response;
    String how;
    try {
      Executed executed = executor.run(read.work(), passage);
      passage.storing();
      response = response(request, blobs, read, executed);
      how = how(executed);
    } catch (InterruptedException e) {
      response = failed(new Refusal(Code.CANCELLED, "the execution was cancelled"));
      how = "cancelled";
    } catch (RuntimeException e) {
      response = failed(Refusals.of(e, faults));
      how = "failed";
    } catch (Error e) { // its watchers would wait for ever
      response = failed(Refusals.of(new IllegalStateException(e), faults));
      how = "failed";
    }
    passage.ended(how, response.getStatus().getMessage());
    operation.complete(response, operations.now());
  }

  /** What metrics and traces call it. */
  private static String how(Executed executed) {
    return switch (executed) {
      case Executed.Finished finished -> finished.remembered() ? "remembered" : "run";
      case Executed.TimedOut timedOut -> "timed_out";
      case Executed.Refused refused -> "refused";
      case Executed.Failed failed -> "failed";
    };
  }

  private ExecuteResponse response(
      ExecuteRequest request, TenantBlobs blobs, WorkReader.Read read, Executed executed) {
    return switch (executed) {
      case Executed.Finished finished -> finished(request, blobs, read, finished);
      case Executed.TimedOut timedOut -> {
        ActionResult result = ResultWriter.write(timedOut);
        cache.give(blobs, result);
        yield failed(
                new Refusal(Code.DEADLINE_EXCEEDED, "the action took longer than its time limit"))
            .toBuilder()
            .setResult(inlined(request).into(result, blobs))
            .build();
      }
      case Executed.Refused refused -> failed(Refusal.invalid(refused.message()));
      case Executed.Failed failed ->
          failed(
              new Refusal(
                  failed.mayHelp() ? Code.UNAVAILABLE : Code.FAILED_PRECONDITION,
                  failed.message()));
    };
  }

  private ExecuteResponse finished(
      ExecuteRequest request, TenantBlobs blobs, WorkReader.Read read, Executed.Finished finished) {
    ActionResult result =
        read.work().isOurs()
            ? WholeResult.write(blobs, finished)
            : ResultWriter.write(blobs, read.work().inputs(), read.wanted(), finished);
    cache.give(blobs, result);
    if (result.getExitCode() == 0 && read.mayCache()) {
      cache.record(blobs, read.work().action(), result);
    }
    return ExecuteResponse.newBuilder()
        .setResult(inlined(request).into(result, blobs))
        .setCachedResult(finished.remembered())
        .build();
  }

  private static ExecuteResponse failed(Refusal refusal) {
    return ExecuteResponse.newBuilder().setStatus(refusal.status()).build();
  }

  @Override
  public void waitExecution(
      WaitExecutionRequest request, StreamObserver<com.google.longrunning.Operation> answer) {
    watch(operations.find(admission, request.getName()), answer);
  }

  private void watch(Operation operation, StreamObserver<com.google.longrunning.Operation> answer) {
    ServerCallStreamObserver<com.google.longrunning.Operation> watcher =
        (ServerCallStreamObserver<com.google.longrunning.Operation>) answer;
    operation.watch(watcher, () -> operation.unwatch(watcher, operations.now()));
  }
}

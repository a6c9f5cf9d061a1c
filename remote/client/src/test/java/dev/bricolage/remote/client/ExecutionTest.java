package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.RemoteExecution.Listener;
import dev.bricolage.remote.client.RemoteExecution.Stage;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.ExecuteOperationMetadata;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import dev.bricolage.remote.protocol.Reapi.ExecutionStage;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actions on a server that is not well. */
final class ExecutionTest {
  private static final Digest ACTION = Digest.of("an action");

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private Fake fake;
  private Remote remote;

  private final Listener listener =
      new Listener() {
        @Override
        public void stage(Stage stage) {
          heard.add(stage.toString());
        }

        @Override
        public void stdout(byte[] bytes) {
          heard.add("out " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void remembered() {
          heard.add("remembered");
        }

        @Override
        public void timedOut(RemoteResult soFar) {
          heard.add("by then " + soFar.stdout());
        }
      };

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

  private RemoteResult run() throws RemoteFailure, InterruptedException {
    return remote.execution().run(ACTION, false, 0, listener);
  }

  private RemoteFailure failure() {
    return assertThrows(RemoteFailure.class, this::run);
  }

  private static Operation at(String name, ExecutionStage.Value stage) {
    return Operation.newBuilder()
        .setName(name)
        .setMetadata(Any.pack(ExecuteOperationMetadata.newBuilder().setStage(stage).build()))
        .build();
  }

  private static Operation done(ExecuteResponse.Builder response) {
    return at("op", ExecutionStage.Value.COMPLETED).toBuilder()
        .setDone(true)
        .setResponse(Any.pack(response.build()))
        .build();
  }

  private static ExecuteResponse.Builder exit(int code) {
    return ExecuteResponse.newBuilder()
        .setResult(
            ActionResult.newBuilder()
                .setExitCode(code)
                .setStdoutRaw(ByteString.copyFromUtf8("out\n")));
  }

  private static ExecuteResponse.Builder failed(Code code, String message) {
    return ExecuteResponse.newBuilder()
        .setStatus(Status.newBuilder().setCode(code.value()).setMessage(message));
  }

  private static void all(StreamObserver<Operation> answer, Operation... operations) {
    for (Operation operation : operations) {
      answer.onNext(operation);
    }
    answer.onCompleted();
  }

  @Test
  void stagesAreToldAndTheResultComes() throws Exception {
    fake.onExecute =
        (request, answer) ->
            all(
                answer,
                at("op", ExecutionStage.Value.QUEUED),
                at("op", ExecutionStage.Value.QUEUED),
                at("op", ExecutionStage.Value.EXECUTING),
                done(exit(3).setCachedResult(true)));
    RemoteResult result = run();
    assertEquals(3, result.exitCode());
    assertEquals(Digest.of("out\n"), result.stdout());
    assertArrayEquals(
        "out\n".getBytes(StandardCharsets.UTF_8), result.inlined().get(result.stdout()));
    assertEquals(List.of("QUEUED", "EXECUTING", "COMPLETED", "remembered"), heard);
    assertEquals(0, fake.count("CancelOperation"));
  }

  @Test
  void aStreamThatIsCutIsTakenUpAgain() throws Exception {
    fake.onExecute =
        (request, answer) -> {
          answer.onNext(at("op", ExecutionStage.Value.QUEUED));
          answer.onError(Fake.status(Code.UNAVAILABLE, "going away"));
        };
    AtomicInteger waits = new AtomicInteger();
    fake.onWait =
        (request, answer) -> {
          if (waits.getAndIncrement() == 0) {
            all(answer, at("op", ExecutionStage.Value.EXECUTING)); // and ends, as if that were all
          } else {
            all(answer, done(exit(0)));
          }
        };
    assertEquals(0, run().exitCode());
    assertEquals(List.of("Execute", "WaitExecution op", "WaitExecution op"), fake.log);
  }

  @Test
  void anOperationThatWasForgottenIsAskedForAgain() throws Exception {
    AtomicInteger executions = new AtomicInteger();
    fake.onExecute =
        (request, answer) -> {
          if (executions.getAndIncrement() == 0) {
            answer.onNext(at("op", ExecutionStage.Value.QUEUED));
            answer.onError(Fake.status(Code.UNAVAILABLE, "restarting"));
          } else {
            all(answer, done(exit(0)));
          }
        };
    assertEquals(0, run().exitCode());
    assertEquals(List.of("Execute", "WaitExecution op", "Execute"), fake.log);
  }

  @Test
  void aWorkerThatWasLostIsNoEnd() throws Exception {
    AtomicInteger executions = new AtomicInteger();
    fake.onExecute =
        (request, answer) ->
            all(
                answer,
                executions.getAndIncrement() < 2
                    ? done(failed(Code.UNAVAILABLE, "the worker was lost"))
                    : done(exit(0)));
    assertEquals(0, run().exitCode());
    assertEquals(3, fake.count("Execute"));
    assertEquals(0, fake.count("WaitExecution"));
  }

  @Test
  void aServerThatAlwaysLosesWorkersIsGivenUp() {
    fake.onExecute =
        (request, answer) ->
            all(
                answer,
                at("op", ExecutionStage.Value.EXECUTING),
                done(failed(Code.UNAVAILABLE, "the worker was lost")));
    assertEquals(Kind.UNAVAILABLE, failure().kind());
    assertEquals(4, fake.count("Execute"));
  }

  @Test
  void missingInputsAreNamed() {
    Digest one = Digest.of("one");
    Digest two = Digest.of("two");
    PreconditionFailure.Builder detail = PreconditionFailure.newBuilder();
    detail.addViolationsBuilder().setType("MISSING").setSubject("blobs/" + one);
    detail.addViolationsBuilder().setType("MISSING").setSubject("main/blobs/" + two);
    detail.addViolationsBuilder().setType("MISSING").setSubject("blobs/what");
    detail.addViolationsBuilder().setType("OTHER").setSubject("blobs/" + ACTION);
    Any details = Any.pack(detail.build());
    fake.onExecute =
        (request, answer) ->
            answer.onError(Fake.detailed(Code.FAILED_PRECONDITION, "upload first", details));
    RemoteFailure ofTheCall = failure();
    fake.onExecute =
        (request, answer) -> {
          ExecuteResponse.Builder response = failed(Code.FAILED_PRECONDITION, "upload first");
          response.getStatusBuilder().addDetails(details);
          all(answer, done(response));
        };
    RemoteFailure ofTheAction = failure();
    for (RemoteFailure failure : List.of(ofTheCall, ofTheAction)) {
      assertEquals(Kind.MISSING, failure.kind());
      assertEquals(Set.of(one, two), failure.missing());
      assertEquals(
          "grpc://localhost:%d: Execute of %s: FAILED_PRECONDITION: upload first"
              .formatted(fake.port(), ACTION),
          failure.getMessage());
    }
  }

  @Test
  void anActionThatTookTooLongSaysWhatItWrote() {
    fake.onExecute =
        (request, answer) ->
            all(
                answer,
                done(exit(-1).setStatus(failed(Code.DEADLINE_EXCEEDED, "2 s").getStatus())));
    RemoteFailure failure = failure();
    assertEquals(Kind.TIMED_OUT, failure.kind());
    assertEquals(
        "grpc://localhost:%d: Execute of %s: it took longer than it may: 2 s"
            .formatted(fake.port(), ACTION),
        failure.getMessage());
    assertEquals(List.of("COMPLETED", "by then " + Digest.of("out\n")), heard);
    assertEquals(1, fake.count("Execute"));
  }

  @Test
  void anActionThatCannotBeRunIsRefused() {
    fake.onExecute =
        (request, answer) -> all(answer, done(failed(Code.INVALID_ARGUMENT, "no such platform")));
    assertEquals(Kind.REFUSED, failure().kind());
    fake.onExecute =
        (request, answer) ->
            all(answer, Operation.newBuilder().setName("op").setDone(true).build());
    assertEquals(Kind.BAD_ANSWER, failure().kind());
  }

  @Test
  void aResultThatCannotBeIsABadAnswer() {
    ExecuteResponse.Builder response = exit(0);
    response.getResultBuilder().addOutputFilesBuilder().setPath("../../etc/passwd");
    fake.onExecute = (request, answer) -> all(answer, done(response));
    RemoteFailure failure = failure();
    assertEquals(Kind.BAD_ANSWER, failure.kind());
  }

  @Test
  void anInterruptionCancelsTheOperation() throws Exception {
    CountDownLatch queued = new CountDownLatch(1);
    Listener notify =
        new Listener() {
          @Override
          public void stage(Stage stage) {
            queued.countDown();
          }
        };
    fake.onExecute = (request, answer) -> answer.onNext(at("op", ExecutionStage.Value.QUEUED));
    Caller caller =
        new Caller(() ->
            assertThrows(
                InterruptedException.class,
                () -> remote.execution().run(ACTION, false, 0, notify)));
    queued.await();
    caller.interrupt();
    caller.join();
    while (fake.count("CancelOperation op") == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void outputIsHeardWhileItRuns() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    Listener notify =
        new Listener() {
          @Override
          public void stdout(byte[] bytes) {
            listener.stdout(bytes);
            read.countDown();
          }
        };
    fake.onRead =
        (request, answer) -> {
          assertEquals("logs/1", request.getResourceName());
          answer.onNext(ReadResponse.newBuilder().setData(ByteString.copyFromUtf8("half")).build());
        };
    fake.onExecute =
        (request, answer) -> {
          ExecuteOperationMetadata told =
              ExecuteOperationMetadata.newBuilder()
                  .setStage(ExecutionStage.Value.EXECUTING)
                  .setStdoutStreamName("logs/1")
                  .build();
          answer.onNext(Operation.newBuilder().setName("op").setMetadata(Any.pack(told)).build());
          Thread.startVirtualThread(() -> {
            try {
              read.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            all(answer, done(exit(0)));
          });
        };
    assertEquals(0, remote.execution().run(ACTION, false, 0, notify).exitCode());
    assertEquals(List.of("out half"), heard);
  }

  @Test
  void priorityAndSkippingAreAskedFor() throws Exception {
    fake.onExecute =
        (request, answer) -> {
          heard.add(
              request.getSkipCacheLookup() + " " + request.getExecutionPolicy().getPriority());
          all(answer, done(exit(0)));
        };
    assertEquals(0, remote.execution().run(ACTION, true, -7, new Listener() {}).exitCode());
    assertEquals(List.of("true -7"), heard);
  }
}

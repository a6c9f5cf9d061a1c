package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.OperationsGrpc.OperationsBlockingStub;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Duration;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.execution.Work;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executions asked for by name, and what they are in numbers. */
@Timeout(20)
final class OperationsServiceTest {
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final Trial trial = new Trial(Trial.Transport.MEMORY, Setup.USUAL.running(this::run));

  OperationsServiceTest() throws IOException {}

  private Executed run(Work work, ActionExecutor.Progress progress) throws InterruptedException {
    progress.started();
    running.countDown();
    mayEnd.await();
    return new Executed.Finished(
        new Outcome(0, new TreeMap<>(), Set.of(), List.of(), Digest.EMPTY, Digest.EMPTY, List.of()),
        Instant.EPOCH,
        Instant.EPOCH,
        false);
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private OperationsBlockingStub operations() {
    return OperationsGrpc.newBlockingStub(trial.channel);
  }

  private Iterator<Operation> begin(String instance, String word) {
    Iterator<Operation> stages =
        trial.execution().execute(SmallAction.upload(trial, instance, word));
    stages.next();
    return stages;
  }

  private List<Operation> list(String name) {
    return operations()
        .listOperations(ListOperationsRequest.newBuilder().setName(name).build())
        .getOperationsList();
  }

  private Operation get(String name) {
    return operations().getOperation(GetOperationRequest.newBuilder().setName(name).build());
  }

  private Operation await(String name, int seconds) {
    return operations()
        .waitOperation(
            WaitOperationRequest.newBuilder()
                .setName(name)
                .setTimeout(Duration.newBuilder().setSeconds(seconds))
                .build());
  }

  @Test
  void anExecutionIsAskedForByItsName() throws IOException {
    Iterator<Operation> stages = begin("", "one");
    String name = list("operations").getFirst().getName();
    assertFalse(get(name).getDone());
    assertFalse(await(name, 0).getDone());
    mayEnd.countDown();
    assertTrue(await(name, 10).getDone());
    ExecuteResponse response = get(name).getResponse().unpack(ExecuteResponse.class);
    assertEquals(0, response.getStatus().getCode());
    stages.forEachRemaining(stage -> assertEquals(name, stage.getName()));
  }

  @Test
  void oneThatIsCancelledEndsAtOnce() throws IOException {
    Iterator<Operation> stages = begin("", "one");
    String name = list("operations").getFirst().getName();
    var _ = operations().cancelOperation(CancelOperationRequest.newBuilder().setName(name).build());
    Operation last = await(name, 10);
    assertTrue(last.getDone());
    ExecuteResponse response = last.getResponse().unpack(ExecuteResponse.class);
    assertEquals(Code.CANCELLED.value(), response.getStatus().getCode());
    assertEquals("the execution was cancelled", response.getStatus().getMessage());
    stages.forEachRemaining(stage -> assertEquals(name, stage.getName()));
    assertTrue(trial.server.meters().text().contains("bric_actions_total{how=\"cancelled\"} 1\n"));
  }

  @Test
  void eachTenantHasItsOwn() {
    begin("other", "one");
    begin("other", "two");
    assertEquals(2, list("other/operations").size());
    assertEquals(List.of(), list("operations"));
    refused(
        Code.INVALID_ARGUMENT,
        "not the name of a collection ([INSTANCE/]operations): 'other'",
        () -> list("other"));
    refused(Code.NOT_FOUND, "there is no operation 'operations/x'", () -> get("operations/x"));
    refused(
        Code.UNIMPLEMENTED,
        "Method google.longrunning.Operations/DeleteOperation is unimplemented",
        () -> {
          var _ =
              operations()
                  .deleteOperation(
                      DeleteOperationRequest.newBuilder().setName("operations/x").build());
        });
    mayEnd.countDown();
  }

  @Test
  void whatIsUnderWayIsCounted() throws InterruptedException {
    begin("", "one");
    String name = list("operations").getFirst().getName();
    running.await();
    assertTrue(trial.server.meters().text().contains("\nbric_actions_running 1\n"));
    mayEnd.countDown();
    await(name, 10);
    String text = trial.server.meters().text();
    for (String line :
        List.of(
            "bric_actions_running 0",
            "bric_actions_waiting 0",
            "bric_actions_total{how=\"run\"} 1",
            "bric_action_seconds_count{stage=\"running\"} 1",
            "bric_action_seconds_bucket{le=\"+Inf\",stage=\"waiting\"} 1",
            "grpc_server_started_total{grpc_method=\"Execute\","
                + "grpc_service=\"build.bazel.remote.execution.v2.Execution\"} 1",
            "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"BatchUpdateBlobs\","
                + "grpc_service=\"build.bazel.remote.execution.v2.ContentAddressableStorage\"} 1",
            "# TYPE grpc_server_handling_seconds histogram",
            "bric_uploads_open 0")) {
      assertTrue(text.contains("\n" + line + "\n"), () -> line + " in\n" + text);
    }
    assertTrue(text.contains("\nbric_held_bytes{instance=\"\"} "), text);
  }
}

package dev.bricolage.fronts.reapi.execution;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.OperationsGrpc.OperationsImplBase;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Empty;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.wire.Refusal;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;

/**
 * Google's {@code Operations}, over executions: to ask how one is, to wait for it without a stream,
 * and to end it. A tenant's own only. They are forgotten by themselves, so none is deleted.
 */
public final class OperationsService extends OperationsImplBase {
  /** A client that wants to wait longer asks again. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final int PAGE = 100;

  private final Admission admission;
  private final Operations operations;

  /** The service behind this door. */
  public OperationsService(Admission admission, Operations operations) {
    this.admission = admission;
    this.operations = operations;
  }

  @Override
  public void getOperation(
      GetOperationRequest request, StreamObserver<com.google.longrunning.Operation> answer) {
    answer.onNext(operations.find(admission, request.getName()).message());
    answer.onCompleted();
  }

  @Override
  public void waitOperation(
      WaitOperationRequest request, StreamObserver<com.google.longrunning.Operation> answer) {
    Operation operation = operations.find(admission, request.getName());
    Duration patience =
        request.hasTimeout()
            ? Duration.ofSeconds(
                Math.min(request.getTimeout().getSeconds(), LONGEST.toSeconds()),
                request.getTimeout().getNanos())
            : LONGEST;
    try {
      operation.await(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; it is told how things stand
    }
    answer.onNext(operation.message());
    answer.onCompleted();
  }

  /** Asking for it is enough: the operation ends a little later, with CANCELLED. */
  @Override
  public void cancelOperation(CancelOperationRequest request, StreamObserver<Empty> answer) {
    operations.find(admission, request.getName()).cancel();
    answer.onNext(Empty.getDefaultInstance());
    answer.onCompleted();
  }

  /** The name is {@code [INSTANCE/]operations}. */
  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> answer) {
    String name = request.getName();
    if (!name.equals("operations") && !name.endsWith("/operations")) {
      throw Refusal.invalid(
          "not the name of a collection ([INSTANCE/]operations): '%s'".formatted(name));
    }
    String instance = name.substring(0, Math.max(0, name.length() - "/operations".length()));
    String tenant = admission.enter(instance).tenant().name();
    List<Operation> after = operations.ofOne(tenant, request.getPageToken());
    int size = Math.clamp(request.getPageSize() <= 0 ? PAGE : request.getPageSize(), 1, PAGE);
    ListOperationsResponse.Builder page = ListOperationsResponse.newBuilder();
    after.stream().limit(size).forEach(operation -> page.addOperations(operation.message()));
    if (after.size() > size) {
      page.setNextPageToken(after.get(size - 1).name());
    }
    answer.onNext(page.build());
    answer.onCompleted();
  }
}

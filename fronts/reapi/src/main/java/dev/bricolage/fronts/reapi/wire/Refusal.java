package dev.bricolage.fronts.reapi.wire;

import com.google.protobuf.Any;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collection;

/** A request that is not done, and why: a status code, a sentence, and details where REAPI asks. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Status status;

  private Refusal(Status status) {
    super(status.getMessage(), null, false, false);
    this.status = status;
  }

  /** A refusal without details. */
  public Refusal(Code code, String message) {
    this(plain(code, message).build());
  }

  /** The request itself is wrong, and asking again will not help. */
  public static Refusal invalid(String message) {
    return new Refusal(Code.INVALID_ARGUMENT, message);
  }

  /** A blob, a result or an operation is not there. */
  public static Refusal notFound(String message) {
    return new Refusal(Code.NOT_FOUND, message);
  }

  /** The caller may not do this. */
  public static Refusal denied(String message) {
    return new Refusal(Code.PERMISSION_DENIED, message);
  }

  /** There is no room or no right to more of something. */
  public static Refusal exhausted(String message) {
    return new Refusal(Code.RESOURCE_EXHAUSTED, message);
  }

  /** There will be room again: the client is told when to come back. */
  public static Refusal exhausted(String message, Duration retryAfter) {
    RetryInfo.Builder retry = RetryInfo.newBuilder();
    retry
        .getRetryDelayBuilder()
        .setSeconds(retryAfter.toSeconds())
        .setNanos(retryAfter.toNanosPart());
    return new Refusal(
        plain(Code.RESOURCE_EXHAUSTED, message).addDetails(Any.pack(retry.build())).build());
  }

  /** Blobs must be uploaded first: each is named in the way that clients understand. */
  public static Refusal missing(String message, Collection<Digest> blobs) {
    PreconditionFailure.Builder failure = PreconditionFailure.newBuilder();
    for (Digest blob : blobs) {
      failure.addViolationsBuilder().setType("MISSING").setSubject("blobs/" + blob);
    }
    return new Refusal(
        plain(Code.FAILED_PRECONDITION, message).addDetails(Any.pack(failure.build())).build());
  }

  private static Status.Builder plain(Code code, String message) {
    return Status.newBuilder().setCode(code.value()).setMessage(message);
  }

  /** As a message, for answers that carry a status for each of their parts. */
  public Status status() {
    return status;
  }

  /** The end of a call. */
  public StatusRuntimeException ending() {
    return StatusProto.toStatusRuntimeException(status);
  }
}

package dev.bricolage.remote.client;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.ActionCacheGrpc;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import java.util.Optional;

/**
 * The server's action cache. It is a hint: what it says may be gone, and blobs that it names may be
 * missing; then the action runs.
 */
public final class RemoteResults {
  private final Line line;

  RemoteResults(Line line) {
    this.line = line;
  }

  /**
   * The result of the action with this digest. One that cannot be a result is told of once and
   * taken for none.
   */
  public Optional<RemoteResult> get(Digest action) throws RemoteFailure, InterruptedException {
    GetActionResultRequest request =
        GetActionResultRequest.newBuilder()
            .setInstanceName(line.options().instance())
            .setActionDigest(Digests.write(action))
            .setInlineStdout(true)
            .setInlineStderr(true)
            .build();
    return line.attempts(
        "GetActionResult of " + action,
        tries -> {
          try {
            return Optional.of(
                Results.read(line.once(ActionCacheGrpc.getGetActionResultMethod(), request)));
          } catch (StatusException e) {
            if (e.getStatus().getCode() == Code.NOT_FOUND) {
              return Optional.empty();
            }
            throw e;
          } catch (IllegalArgumentException e) {
            line.warnOnce(
                "bad result",
                "%s: its result of the action %s cannot be used, and counts as none: %s"
                    .formatted(line.options().target(), action, e.getMessage()));
            return Optional.empty();
          }
        });
  }

  /**
   * Keeps a result; its blobs must be there.
   *
   * @throws RemoteFailure DENIED when we may not, MISSING with the blobs it wants first
   */
  public void put(Digest action, RemoteResult result) throws RemoteFailure, InterruptedException {
    RemoteCapabilities server = line.capabilities();
    if (!server.writesResults()) {
      throw new RemoteFailure(
          Kind.DENIED,
          "%s: we may not write results in the instance '%s': use one where we may, or none but its own executor will"
              .formatted(line.options().target(), line.options().instance()));
    }
    var _ =
        line.call(
            ActionCacheGrpc.getUpdateActionResultMethod(),
            UpdateActionResultRequest.newBuilder()
                .setInstanceName(line.options().instance())
                .setActionDigest(Digests.write(action))
                .setActionResult(Results.write(result, server.minor()))
                .build());
  }
}

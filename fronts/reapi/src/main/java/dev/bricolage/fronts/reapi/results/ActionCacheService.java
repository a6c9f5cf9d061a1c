package dev.bricolage.fronts.reapi.results;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.ActionCacheGrpc.ActionCacheImplBase;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import io.grpc.stub.StreamObserver;

/** REAPI's {@code ActionCache}. */
public final class ActionCacheService extends ActionCacheImplBase {
  private final Admission admission;
  private final ResultCache cache;

  /** The service behind this door. */
  public ActionCacheService(Admission admission, ResultCache cache) {
    this.admission = admission;
    this.cache = cache;
  }

  @Override
  public void getActionResult(GetActionResultRequest request, StreamObserver<ActionResult> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    Digest action = Digests.read(request.getActionDigest());
    ActionResult result =
        cache
            .get(blobs, action)
            .orElseThrow(
                () -> Refusal.notFound("the action %s has no result here".formatted(action)));
    Inlined inlined =
        new Inlined(
            request.getInlineStdout(),
            request.getInlineStderr(),
            request.getInlineOutputFilesList());
    answer.onNext(inlined.into(result, blobs));
    answer.onCompleted();
  }

  @Override
  public void updateActionResult(
      UpdateActionResultRequest request, StreamObserver<ActionResult> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    Digest action = Digests.read(request.getActionDigest());
    cache.bring(blobs, action, request.getActionResult());
    answer.onNext(request.getActionResult());
    answer.onCompleted();
  }
}

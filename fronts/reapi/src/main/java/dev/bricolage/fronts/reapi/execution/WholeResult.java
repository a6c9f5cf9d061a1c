package dev.bricolage.fronts.reapi.execution;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.memo.trace.TraceBytes;
import dev.bricolage.remote.protocol.Bricolage.Observation;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.ExecutedActionMetadata;

/**
 * The result for a house like ours: the outcome itself, which is an {@code ActionResult} with all
 * that changed in the whole tree of inputs, and what the run looked at.
 */
final class WholeResult {
  private WholeResult() {}

  /** The result; its trace is stored on the way. */
  static ActionResult write(TenantBlobs blobs, Executed.Finished finished) {
    ExecutedActionMetadata.Builder metadata = ResultWriter.metadata(finished);
    finished.seen().ifPresent(seen -> metadata.addAuxiliaryMetadata(told(blobs, seen)));
    try {
      return ActionResult.parseFrom(finished.outcome().encode()).toBuilder()
          .setExecutionMetadata(metadata)
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("our own encoding of an outcome cannot be read", e);
    }
  }

  private static Any told(TenantBlobs blobs, Executed.Seen seen) {
    byte[] trace = TraceBytes.encode(seen.trace());
    Digest digest = Digest.of(trace);
    blobs.put(digest, trace);
    return Any.pack(
        Observation.newBuilder()
            .setTrace(Digests.write(digest))
            .setForgotten(seen.forgotten().orElse(""))
            .build());
  }
}

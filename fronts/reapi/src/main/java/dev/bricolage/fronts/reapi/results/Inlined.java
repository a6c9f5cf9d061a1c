package dev.bricolage.fronts.reapi.results;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.OutputFile;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a result's blobs travel inside it, so that the client need not ask for them. A wish, and
 * granted only while the whole stays small.
 *
 * @param files paths as the result has them
 */
public record Inlined(boolean stdout, boolean stderr, Collection<String> files) {
  private static final int BUDGET_BYTES = 1 << 20;

  /** The result with those blobs put in that fit. */
  public ActionResult into(ActionResult result, TenantBlobs blobs) {
    ActionResult.Builder filled = result.toBuilder();
    Budget budget = new Budget(blobs);
    if (stdout && result.getStdoutRaw().isEmpty() && result.hasStdoutDigest()) {
      budget.read(result.getStdoutDigest()).ifPresent(filled::setStdoutRaw);
    }
    if (stderr && result.getStderrRaw().isEmpty() && result.hasStderrDigest()) {
      budget.read(result.getStderrDigest()).ifPresent(filled::setStderrRaw);
    }
    Set<String> wanted = new HashSet<>(files);
    for (OutputFile.Builder file : filled.getOutputFilesBuilderList()) {
      if (wanted.contains(file.getPath())) {
        budget.read(file.getDigest()).ifPresent(file::setContents);
      }
    }
    return filled.build();
  }

  private static final class Budget {
    private final TenantBlobs blobs;
    private long left = BUDGET_BYTES;

    Budget(TenantBlobs blobs) {
      this.blobs = blobs;
    }

    Optional<ByteString> read(Reapi.Digest digest) {
      if (digest.getSizeBytes() > left) {
        return Optional.empty();
      }
      left -= digest.getSizeBytes();
      return blobs.read(Digests.read(digest)).map(UnsafeByteOperations::unsafeWrap);
    }
  }
}

package dev.bricolage.fronts.reapi.results;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Results that are worth something: what comes out names only blobs that are there, what goes in
 * only such as the tenant holds. Else a forged result would be a way to read another's blobs.
 */
public final class ResultCache {
  private final ActionResults results;
  private final int mostFolders;

  /** A cache over these; result folders have at most {@code mostFolders} folders. */
  public ResultCache(ActionResults results, int mostFolders) {
    this.results = results;
    this.mostFolders = mostFolders;
  }

  /** The result of this action, if all its blobs are there; they are the tenant's from now on. */
  public Optional<ActionResult> get(TenantBlobs blobs, Digest action) {
    return results.get(blobs.tenant().name(), action).flatMap(bytes -> whole(blobs, bytes));
  }

  private Optional<ActionResult> whole(TenantBlobs blobs, byte[] bytes) {
    try {
      ActionResult result = ActionResult.parseFrom(bytes);
      give(blobs, result);
      return missing(blobs, result).isEmpty() ? Optional.of(result) : Optional.empty();
    } catch (InvalidProtocolBufferException | Refusal e) {
      return Optional.empty(); // rotten in the store, and so as good as none
    }
  }

  /**
   * Whether these bytes are a result of which all is there that it names itself. What its folders
   * hold is not asked: to know that they would have to be read.
   */
  public static boolean isWhole(byte[] encoded, Predicate<Digest> there) {
    try {
      return NamedBlobs.direct(ActionResult.parseFrom(encoded)).stream()
          .allMatch(blob -> blob.equals(Digest.EMPTY) || there.test(blob));
    } catch (InvalidProtocolBufferException | Refusal e) {
      return false;
    }
  }

  /** What a result of our own names is the tenant's from now on. */
  public void give(TenantBlobs blobs, ActionResult result) {
    blobs.hold(NamedBlobs.direct(result));
    blobs.hold(NamedBlobs.inFolders(result, blobs, mostFolders));
  }

  private List<Digest> missing(TenantBlobs blobs, ActionResult result) {
    List<Digest> missing = new ArrayList<>(blobs.missing(NamedBlobs.direct(result)));
    missing.addAll(blobs.missing(NamedBlobs.inFolders(result, blobs, mostFolders)));
    return missing;
  }

  /**
   * Keeps a result that a client brings.
   *
   * @throws Refusal PERMISSION_DENIED when it may not, FAILED_PRECONDITION with the missing blobs
   *     when it names such, INVALID_ARGUMENT when it is none
   */
  public void bring(TenantBlobs blobs, Digest action, ActionResult result) {
    if (!blobs.tenant().writesResults()) {
      throw Refusal.denied(
          "in the instance '%s' only the executor writes results".formatted(blobs.tenant().name()));
    }
    NamedBlobs.checkPaths(result);
    List<Digest> missing = missing(blobs, result);
    if (!missing.isEmpty()) {
      throw Refusal.missing(
          "the result of %s names %d blobs that are not here, first %s"
              .formatted(action, missing.size(), missing.getFirst()),
          missing);
    }
    results.put(blobs.tenant().name(), action, result.toByteArray());
  }

  /** Keeps a result that our own executor made. */
  public void record(TenantBlobs blobs, Digest action, ActionResult result) {
    results.put(blobs.tenant().name(), action, result.toByteArray());
  }
}

package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.store.Arrival;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The store as one tenant sees it: only what it holds is there. A blob that another tenant brought
 * must be uploaded whole once more, which proves that the bytes are known; it is kept once.
 */
public final class TenantBlobs {
  /** More than any message has, and little enough for the memory, whoever sends it. */
  private static final int MOST_BYTES = 128 << 20;

  private final Tenant tenant;
  private final Blobs blobs;
  private final Holdings holdings;

  /** The view of {@code tenant}. */
  public TenantBlobs(Tenant tenant, Blobs blobs, Holdings holdings) {
    this.tenant = tenant;
    this.blobs = blobs;
    this.holdings = holdings;
  }

  /** Whose view this is. */
  public Tenant tenant() {
    return tenant;
  }

  /** Whether the blob is there for this tenant; the empty one always is. */
  public boolean has(Digest blob) {
    return blob.equals(Digest.EMPTY) || (holdings.holds(tenant.name(), blob) && blobs.has(blob));
  }

  /** Those of these that are not there, each once. */
  public List<Digest> missing(Collection<Digest> wanted) {
    return wanted.stream().distinct().filter(blob -> !has(blob)).toList();
  }

  /**
   * A blob's bytes, for those that are messages.
   *
   * @throws Refusal INVALID_ARGUMENT for one that is too large for any
   */
  public Optional<byte[]> read(Digest blob) {
    if (blob.equals(Digest.EMPTY)) {
      return Optional.of(new byte[0]);
    }
    if (blob.size() > MOST_BYTES) {
      throw Refusal.invalid("the blob %s is too large for a message".formatted(blob));
    }
    return holdings.holds(tenant.name(), blob) ? blobs.read(blob) : Optional.empty();
  }

  /** A blob's bytes as a stream, as {@link Blobs#open} gives it. */
  public Optional<InputStream> open(Digest blob) {
    if (blob.equals(Digest.EMPTY)) {
      return Optional.of(InputStream.nullInputStream());
    }
    return holdings.holds(tenant.name(), blob) ? blobs.open(blob) : Optional.empty();
  }

  /** The same from {@code offset} on, as {@link Blobs#open(Digest, long)} gives it. */
  public Optional<InputStream> open(Digest blob, long offset) throws IOException {
    if (blob.equals(Digest.EMPTY)) {
      return Optional.of(InputStream.nullInputStream());
    }
    return holdings.holds(tenant.name(), blob) ? blobs.open(blob, offset) : Optional.empty();
  }

  /**
   * Keeps these bytes if they are the digest's.
   *
   * @throws Refusal when they are not, or the tenant holds too much already
   */
  public void put(Digest wanted, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    if (!digest.equals(wanted)) {
      throw Refusal.invalid("the bytes uploaded as %s are %s".formatted(wanted, digest));
    }
    if (has(wanted)) {
      return;
    }
    checkQuota(wanted.size());
    blobs.put(bytes);
    hold(List.of(wanted));
  }

  /** Begins a blob that comes in pieces; once it is finished, {@link #hold} makes it this one's. */
  public Arrival arrive(Digest wanted) {
    checkQuota(wanted.size());
    return blobs.arrive();
  }

  /** The tenant holds these from now on. */
  public void hold(Collection<Digest> held) {
    holdings.add(tenant.name(), held);
  }

  private boolean isTooMuch(long more) {
    return tenant.quotaBytes() > 0 && holdings.bytes(tenant.name()) + more > tenant.quotaBytes();
  }

  /**
   * Whether so many bytes more are not too many.
   *
   * @throws Refusal RESOURCE_EXHAUSTED when they are
   */
  public void checkQuota(long more) {
    if (isTooMuch(more)) {
      holdings.settle(tenant.name(), blobs::isStored);
    }
    if (isTooMuch(more)) {
      throw Refusal.exhausted(
          "the instance '%s' may hold %d bytes; %d more are too many"
              .formatted(tenant.name(), tenant.quotaBytes(), more));
    }
  }
}

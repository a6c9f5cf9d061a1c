package dev.bricolage.fronts.reapi.cas;

import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The uploads that have begun and not ended, by tenant and resource name. One whose stream broke
 * stays until it was idle for too long; its client goes on where it was. A compressed one does not
 * stay: the protocol has no offset to go on from that both sides would agree on.
 */
public final class Uploads {
  private final Limits limits;
  private final InstantSource clock;
  private final Map<Key, Entry> open = new HashMap<>();

  private record Key(String tenant, String resource) {}

  private static final class Entry {
    private final Upload upload;
    private Instant idleSince = Instant.MAX;

    Entry(Upload upload) {
      this.upload = upload;
    }
  }

  /** None yet. */
  public Uploads(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Goes on with an upload, or begins it, for this stream alone. One that is begun at 0 again
   * begins anew.
   */
  synchronized Upload claim(TenantBlobs blobs, ResourceName name, long offset, Object stream) {
    Key key = new Key(blobs.tenant().name(), name.text());
    Entry entry = open.get(key);
    if (entry != null && (offset == 0 || name.compressed())) {
      drop(key, entry);
      entry = null;
    }
    if (entry == null) {
      checkRoom(key.tenant());
      entry = new Entry(new Upload(blobs, name));
      open.put(key, entry);
    }
    entry.idleSince = Instant.MAX;
    entry.upload.claim(stream);
    return entry.upload;
  }

  private void checkRoom(String tenant) {
    sweep();
    long ofOne = open.keySet().stream().filter(key -> key.tenant().equals(tenant)).count();
    if (open.size() >= limits.uploads() || ofOne >= limits.uploadsOfOne()) {
      throw Refusal.exhausted("too many uploads at once", Duration.ofSeconds(1));
    }
  }

  /** How much of an upload came so far; 0 when nobody has begun it. */
  synchronized long received(TenantBlobs blobs, ResourceName name) {
    Entry entry = open.get(new Key(blobs.tenant().name(), name.text()));
    return entry == null || name.compressed() ? 0 : entry.upload.received();
  }

  /** Its stream is gone, it may be gone on with; unless another has it already. */
  synchronized void pause(Upload upload) {
    if (upload.name().compressed()) {
      end(upload);
      return;
    }
    entry(upload).ifPresent(entry -> entry.idleSince = clock.instant());
  }

  /** It is a blob, or will never be one. */
  synchronized void end(Upload upload) {
    upload.end();
    entry(upload).ifPresent(entry -> open.remove(key(upload)));
  }

  private Optional<Entry> entry(Upload upload) {
    return Optional.ofNullable(open.get(key(upload))).filter(entry -> entry.upload == upload);
  }

  private static Key key(Upload upload) {
    return new Key(upload.tenant(), upload.name().text());
  }

  private void drop(Key key, Entry entry) {
    entry.upload.end();
    open.remove(key);
  }

  /** Drops what was idle for too long. */
  public synchronized void sweep() {
    Instant latest = clock.instant().minus(limits.uploadIdle());
    open.values()
        .removeIf(entry -> {
          boolean idle = entry.idleSince.isBefore(latest);
          if (idle) {
            entry.upload.end();
          }
          return idle;
        });
  }

  /** How many there are. */
  public synchronized int count() {
    return open.size();
  }

  /** Drops all. */
  public synchronized void close() {
    List.copyOf(open.values()).forEach(entry -> entry.upload.end());
    open.clear();
  }
}

package dev.bricolage.remote.client;

import dev.bricolage.action.Digest;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The blobs that a server has of late said, or shown, that it has: it keeps them for a while. */
public final class Believed {
  private static final long LASTS_NANOS = Duration.ofMinutes(5).toNanos();

  private static final int MOST = 1_000_000;

  private final Map<Digest, Long> since = new ConcurrentHashMap<>();

  /** Whether it is to be believed to have this one. */
  public boolean has(Digest blob) {
    Long when = since.get(blob);
    return when != null && System.nanoTime() - when < LASTS_NANOS;
  }

  /** It has these. */
  public void add(Collection<Digest> blobs) {
    if (since.size() + blobs.size() > MOST) {
      since.clear();
    }
    long now = System.nanoTime();
    blobs.forEach(blob -> since.put(blob, now));
  }

  /** It has these no more. */
  public void forget(Collection<Digest> blobs) {
    blobs.forEach(since::remove);
  }
}

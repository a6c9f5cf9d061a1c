package dev.bricolage.remote.sharing;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.execute.RunKey;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.trace.TraceBytes;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Lease;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Puts what is recorded into the shared cache: first the blobs of its outcome, then the trace, then
 * its place on the shelf, so that nobody finds what is not whole. Nobody waits for it but who asks.
 */
final class Publisher {
  private static final int SIDE_BY_SIDE = 4;

  /** A build that is faster than its line does not fill the heap with what waits. */
  private static final int MOST_WAITING = 10_000;

  private final Blobs blobs;
  private final RemoteBlobs far;
  private final Shelf shelf;
  private final Optional<Supplier<Lease>> leases;
  private final Trouble trouble;
  private final Semaphore lines = new Semaphore(SIDE_BY_SIDE);
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final Map<Question, Object> keys = new ConcurrentHashMap<>();

  Publisher(
      Blobs blobs,
      RemoteBlobs far,
      Shelf shelf,
      Optional<Supplier<Lease>> leases,
      Trouble trouble) {
    this.blobs = blobs;
    this.far = far;
    this.shelf = shelf;
    this.leases = leases;
    this.trouble = trouble;
  }

  /** Publishes a run's trace, some time; others stay here. */
  void publish(Trace trace) {
    Optional<RunKey.Result> result = RunKey.Result.in(trace);
    if (result.isEmpty() || leases.isEmpty() || !room.tryAcquire()) {
      return;
    }
    Lease lease = leases.get().get();
    Thread.ofVirtual()
        .name("publish")
        .start(() -> {
          try (lease) {
            trouble.orElse(false, () -> published(trace, result.get().outcome()));
          } finally {
            room.release();
          }
        });
  }

  private boolean published(Trace trace, Digest outcome)
      throws RemoteFailure, InterruptedException {
    lines.acquire();
    try {
      Optional<byte[]> bytes = blobs.read(outcome);
      if (bytes.isEmpty()) {
        return false; // lost meanwhile: whoever misses it runs again
      }
      Set<Digest> all = new HashSet<>(Outcome.decode(bytes.get()).blobs());
      all.add(outcome);
      all.remove(Digest.EMPTY);
      far.upload(all, blobs);
      Digest written = far.put(TraceBytes.encode(trace));
      synchronized (keys.computeIfAbsent(trace.key(), key -> new Object())) {
        shelf.add(trace.key(), new Shelf.Item(written, outcome));
      }
      keys.remove(trace.key());
      return true;
    } finally {
      lines.release();
    }
  }

  /** How many wait or are under way. */
  int waiting() {
    return MOST_WAITING - room.availablePermits();
  }

  /** Waits until all is published, but no longer than this; whether it is. */
  boolean await(Duration most) throws InterruptedException {
    if (!room.tryAcquire(MOST_WAITING, most.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    room.release(MOST_WAITING);
    return true;
  }
}

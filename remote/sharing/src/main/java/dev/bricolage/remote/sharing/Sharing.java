package dev.bricolage.remote.sharing;

import dev.bricolage.memo.Traces;
import dev.bricolage.remote.client.Remote;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A house's memory and store with a remote cache behind them. */
public final class Sharing implements AutoCloseable {
  private final Remote remote;
  private final SharedBlobs blobs;
  private final SharedTraces traces;
  private final Publisher publisher;

  /**
   * Joins them.
   *
   * @param leases keeps what waits to be published from being collected; where there are none,
   *     nothing is published
   * @param trouble is told when the cache fails
   */
  public Sharing(
      Remote remote,
      Traces traces,
      Blobs blobs,
      Optional<Supplier<Lease>> leases,
      Trouble trouble) {
    Shelf shelf = new Shelf(remote.results());
    this.remote = remote;
    this.blobs = new SharedBlobs(blobs, remote.blobs(), trouble);
    this.publisher = new Publisher(blobs, remote.blobs(), shelf, leases, trouble);
    this.traces = new SharedTraces(traces, blobs, remote.blobs(), shelf, publisher, trouble);
  }

  /** The memory, with what colleagues have recorded. */
  public Traces traces() {
    return traces;
  }

  /** The store, with what the cache holds. */
  public Blobs blobs() {
    return blobs;
  }

  /** How much waits to be published. */
  public int waiting() {
    return publisher.waiting();
  }

  /** Waits until all that was recorded is published, but no longer than this; whether it is. */
  public boolean await(Duration most) throws InterruptedException {
    return publisher.await(most);
  }

  @Override
  public void close() {
    remote.close();
  }
}

package dev.bricolage.execute;

import dev.bricolage.memo.Traces;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The memory of inner runs, and one flight for all builds: who wants what another build is just
 * computing waits for that, and then looks whether it fits his own files too.
 */
public final class InnerMemory {
  final Traces traces;
  final Blobs blobs;
  final HostFacts host;
  final FileDigests digests;
  private final Map<String, Flight> flights = new HashMap<>();

  private static final class Flight {
    private final Semaphore seat = new Semaphore(1);
    private int passengers;
  }

  /** A memory over these parts. */
  public InnerMemory(Traces traces, Blobs blobs, HostFacts host, FileDigests digests) {
    this.traces = traces;
    this.blobs = blobs;
    this.host = host;
    this.digests = digests;
  }

  /** Waits until nobody else computes this key. */
  void board(InnerKey key) throws InterruptedException {
    String name = key.question().subject();
    Flight flight;
    synchronized (flights) {
      flight = flights.computeIfAbsent(name, n -> new Flight());
      flight.passengers++;
    }
    try {
      flight.seat.acquire();
    } catch (InterruptedException e) {
      leave(name, flight);
      throw e;
    }
  }

  /** Lets the next one look. */
  void land(InnerKey key) {
    String name = key.question().subject();
    synchronized (flights) {
      Flight flight = flights.get(name);
      if (flight != null) {
        flight.seat.release();
        leave(name, flight);
      }
    }
  }

  private void leave(String name, Flight flight) {
    synchronized (flights) {
      if (--flight.passengers == 0) {
        flights.remove(name);
      }
    }
  }
}

package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.memo.Traces;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * The memory of inner runs, and one flight for all builds: who wants what another build is just
 * computing waits for that, and then looks whether it fits his own files too.
 */
public final class InnerMemory {
  private static final int MOST_HABITS = 10_000;

  final Traces traces;
  final Blobs blobs;
  final HostFacts host;
  final FileDigests digests;
  private final UnaryOperator<Command> keys;
  private final Map<String, Flight> flights = new HashMap<>();
  private final Map<String, Set<String>> habits = new ConcurrentHashMap<>();

  private static final class Flight {
    private final Semaphore seat = new Semaphore(1);
    private int passengers;
  }

  /** A memory over these parts. */
  public InnerMemory(Traces traces, Blobs blobs, HostFacts host, FileDigests digests) {
    this(traces, blobs, host, digests, UnaryOperator.identity());
  }

  /**
   * The same, with a fault.
   *
   * @param keys what of a command is its key, where that is not all of it: then what is remembered
   *     is wrong, which a test of tests wants
   */
  public InnerMemory(
      Traces traces,
      Blobs blobs,
      HostFacts host,
      FileDigests digests,
      UnaryOperator<Command> keys) {
    this.keys = keys;
    this.traces = traces;
    this.blobs = blobs;
    this.host = host;
    this.digests = digests;
  }

  InnerKey key(Command command) {
    return new InnerKey(keys.apply(command));
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

  /** Files that this tool, started so, was seen to read and write over, and does not name. */
  Set<String> habits(InnerKey key) {
    return Set.copyOf(habits.getOrDefault(key.question().subject(), Set.of()));
  }

  /** Next time the file is looked at before the tool is let run, and the run can be remembered. */
  void learnHabit(InnerKey key, String path) {
    if (habits.size() >= MOST_HABITS) {
      habits.clear(); // costs each tool one more run
    }
    habits.computeIfAbsent(key.question().subject(), k -> ConcurrentHashMap.newKeySet()).add(path);
  }

  private void leave(String name, Flight flight) {
    synchronized (flights) {
      if (--flight.passengers == 0) {
        flights.remove(name);
      }
    }
  }
}

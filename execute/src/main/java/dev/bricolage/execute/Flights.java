package dev.bricolage.execute;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one at a time compute the same thing; who comes second waits, and then looks again. */
final class Flights {
  private final Map<String, Flight> flights = new HashMap<>();

  private static final class Flight {
    private final ReentrantLock lock = new ReentrantLock();
    private int passengers;
  }

  /** What is computed, or found computed. */
  interface Body<T> {
    T get() throws IOException, InterruptedException;
  }

  /** Runs {@code body} when nobody else runs one of this name. */
  <T> T alone(String name, Body<T> body) throws IOException, InterruptedException {
    Flight flight = board(name);
    try {
      flight.lock.lockInterruptibly();
      try {
        return body.get();
      } finally {
        flight.lock.unlock();
      }
    } finally {
      leave(name, flight);
    }
  }

  private synchronized Flight board(String name) {
    Flight flight = flights.computeIfAbsent(name, n -> new Flight());
    flight.passengers++;
    return flight;
  }

  private synchronized void leave(String name, Flight flight) {
    if (--flight.passengers == 0) {
      flights.remove(name);
    }
  }
}

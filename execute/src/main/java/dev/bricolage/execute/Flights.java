package dev.bricolage.execute;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one at a time compute the same thing; who comes second waits, and looks again. */
final class Flights {
  private final Map<String, Flight> flights = new HashMap<>();

  private static final class Flight {
    private final ReentrantLock lock = new ReentrantLock();
    private int passengers;
  }

  /** A place on a flight; closing it lets the next one go. */
  final class Seat implements AutoCloseable {
    private final String name;

    private Seat(String name) {
      this.name = name;
    }

    @Override
    public void close() {
      synchronized (flights) {
        Flight flight = flights.get(name);
        if (flight == null) {
          throw new IllegalStateException("no flight " + name);
        }
        flight.lock.unlock();
        leave(flight, name);
      }
    }
  }

  /** Waits until nobody computes {@code name}. */
  Seat board(String name) throws InterruptedException {
    Flight flight;
    synchronized (flights) {
      flight = flights.computeIfAbsent(name, n -> new Flight());
      flight.passengers++;
    }
    try {
      flight.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      synchronized (flights) {
        leave(flight, name);
      }
      throw e;
    }
    return new Seat(name);
  }

  private void leave(Flight flight, String name) {
    if (--flight.passengers == 0) {
      flights.remove(name);
    }
  }
}

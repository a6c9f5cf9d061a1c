package dev.bricolage.fronts.ninja.build;

import dev.bricolage.execute.Control;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.manifest.Pool;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.sandbox.Console;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs edges side by side, each when those it needs have ended. One thread decides; each edge under
 * way has a virtual thread of its own.
 */
final class Schedule {
  private final Manifest manifest;
  private final Build build;
  private final Teller teller;
  private final int jobs;
  private int failuresLeft;
  private final Map<Integer, Integer> waitingFor = new HashMap<>();
  private final PriorityQueue<Integer> ready = new PriorityQueue<>();
  private final Map<Pool, Integer> inPool = new HashMap<>();
  private final Map<Pool, Deque<Integer>> held = new HashMap<>();
  private final Map<Integer, Thread> running = new HashMap<>();
  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private final List<Ended> ended = new ArrayList<>();
  private boolean failed;

  /** What a thread gives back. */
  private sealed interface Came {
    record Out(Ended ended) implements Came {}

    record Broken(int edge, Exception cause) implements Came {}
  }

  /**
   * A schedule.
   *
   * @param keepGoing how many edges may fail before no more are started; 0 for any number
   */
  Schedule(Manifest manifest, Build build, Teller teller, int jobs, int keepGoing) {
    this.manifest = manifest;
    this.build = build;
    this.teller = teller;
    this.jobs = jobs;
    this.failuresLeft = keepGoing == 0 ? Integer.MAX_VALUE : keepGoing;
  }

  /** Whether an edge failed. */
  boolean failed() {
    return failed;
  }

  /** Those that ended well, in that order. */
  List<Ended> ended() {
    return ended;
  }

  /**
   * Runs them to their end.
   *
   * @param order what is needed, each edge after those it needs
   */
  void run(List<Integer> order) throws NinjaError, IOException, InterruptedException {
    Set<Integer> needed = new HashSet<>(order);
    for (int edge : order) {
      int waits = (int) producers(edge).filter(needed::contains).distinct().count();
      waitingFor.put(edge, waits);
      if (waits == 0) {
        ready.add(edge);
      }
    }
    try {
      while (!ready.isEmpty() || !running.isEmpty()) {
        start();
        if (!running.isEmpty()) {
          take(came.take());
        } else if (failuresLeft == 0 || ready.isEmpty()) {
          break;
        }
      }
    } finally {
      stop();
    }
  }

  private java.util.stream.Stream<Integer> producers(int edge) {
    return manifest.edge(edge).inputs().stream()
        .map(manifest::producer)
        .filter(producer -> producer != Manifest.NONE)
        .boxed();
  }

  private void start() {
    while (!ready.isEmpty() && running.size() < jobs && failuresLeft > 0) {
      Edge edge = manifest.edge(ready.poll());
      if (edge.isPhony()) {
        finished(edge.id());
      } else if (hasRoom(edge.pool())) {
        inPool.merge(edge.pool(), 1, Integer::sum);
        running.put(edge.id(), Thread.ofVirtual().name("edge").start(() -> perform(edge)));
      } else {
        held.computeIfAbsent(edge.pool(), pool -> new ArrayDeque<>()).add(edge.id());
      }
    }
  }

  private boolean hasRoom(Pool pool) {
    return pool.depth() == 0 || inPool.getOrDefault(pool, 0) < pool.depth();
  }

  private void perform(Edge edge) {
    Console silent = new Silence();
    Control control = new Control(Thread.currentThread()::interrupt);
    try {
      came.add(new Came.Out(new EdgeRun(build, edge).perform(silent, control)));
    } catch (NinjaError | IOException | InterruptedException | RuntimeException e) {
      came.add(new Came.Broken(edge.id(), e));
    }
  }

  private void take(Came what) throws NinjaError, IOException, InterruptedException {
    switch (what) {
      case Came.Broken(int edge, Exception cause) -> {
        leave(edge);
        switch (cause) {
          case NinjaError e -> throw e;
          case IOException e -> throw e;
          case InterruptedException e -> throw e;
          case RuntimeException e -> throw e;
          default -> throw new IllegalStateException(cause);
        }
      }
      case Came.Out(Ended out) -> {
        leave(out.edge());
        teller.ended(manifest.edge(out.edge()), out, running.size());
        if (out.failed()) {
          failed = true;
          failuresLeft--;
        } else {
          ended.add(out);
          finished(out.edge());
        }
      }
    }
  }

  private void leave(int edge) {
    running.remove(edge);
    Pool pool = manifest.edge(edge).pool();
    inPool.merge(pool, -1, Integer::sum);
    Deque<Integer> next = held.get(pool);
    if (next != null && !next.isEmpty()) {
      ready.add(next.poll());
    }
  }

  private void finished(int edge) {
    Set<Integer> told = new HashSet<>();
    Ints outputs = manifest.edge(edge).outputs();
    for (int output : outputs.stream().toArray()) {
      for (int consumer : manifest.consumers(output).stream().toArray()) {
        boolean needed = told.add(consumer) && waitingFor.containsKey(consumer);
        if (needed && waitingFor.merge(consumer, -1, Integer::sum) == 0) {
          ready.add(consumer);
        }
      }
    }
  }

  /** Nobody waits any more for what is under way. */
  private void stop() throws InterruptedException {
    running.values().forEach(Thread::interrupt);
    for (Thread thread : running.values()) {
      thread.join();
    }
  }

  /** What an edge says is told when it has ended. */
  private static final class Silence implements Console {
    @Override
    public void stdout(byte[] bytes, int offset, int length) {}

    @Override
    public void stderr(byte[] bytes, int offset, int length) {}
  }
}

package dev.bricolage.fronts.ninja.build;

import dev.bricolage.execute.Control;
import dev.bricolage.fronts.ninja.deps.Dyndep;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.manifest.Pool;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.sandbox.Console;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs edges side by side, each when those it needs have ended. One thread decides; each edge under
 * way has a virtual thread of its own. What an edge needs may be learnt late: from a dyndep file,
 * or from the edge itself, which has looked for what another one makes; then it waits for that,
 * too.
 */
final class Schedule {
  private final Needs needs;
  private final Plan plan;
  private final Dyndeps dyndeps;
  private final Build build;
  private final Teller teller;
  private final int jobs;
  private final LoadLimit limit;
  private final int keepGoing;
  private int failuresLeft;
  private final BitSet finished = new BitSet();
  private final BitSet started = new BitSet();
  private final Map<Integer, Integer> waitingFor = new HashMap<>();
  private final Map<Integer, List<Integer>> dependents = new HashMap<>();
  private final PriorityQueue<Integer> ready = new PriorityQueue<>();
  private final Map<Pool, Integer> inPool = new HashMap<>();
  private final Map<Pool, Deque<Integer>> held = new HashMap<>();
  private final Map<Integer, Thread> running = new HashMap<>();
  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private final List<Ended> ended = new ArrayList<>();
  private final BitSet acted = new BitSet();
  private boolean failed;

  /** What a thread gives back. */
  private sealed interface Came {
    record Out(Ended ended) implements Came {}

    record Wants(int edge, List<Integer> paths) implements Came {}

    record Broken(int edge, Exception cause) implements Came {}
  }

  /**
   * A schedule.
   *
   * @param limit holds edges back that would run beside others
   * @param keepGoing how many edges may fail before no more are started; 0 for any number
   */
  Schedule(Plan plan, Build build, Teller teller, int jobs, LoadLimit limit, int keepGoing) {
    this.needs = build.needs();
    this.plan = plan;
    this.dyndeps = plan.dyndeps();
    this.build = build;
    this.teller = teller;
    this.jobs = jobs;
    this.limit = limit;
    this.keepGoing = keepGoing;
    this.failuresLeft = keepGoing == 0 ? Integer.MAX_VALUE : keepGoing;
  }

  /** Those that ended well, in that order. */
  List<Ended> ended() {
    return ended;
  }

  /**
   * Makes these paths.
   *
   * @throws NinjaError when that cannot be begun
   * @throws Stopped when not all was made
   */
  void run(Ints targets) throws NinjaError, Stopped, IOException, InterruptedException {
    for (int target : targets.stream().toArray()) {
      need(target, Manifest.NONE);
    }
    try {
      runAll();
    } catch (NinjaError e) {
      if (e.isFatal()) {
        throw e;
      }
      throw Stopped.because(e.text());
    } finally {
      stop();
    }
    if (failed) {
      throw Stopped.failed(keepGoing, failuresLeft == 0);
    }
  }

  private void runAll() throws NinjaError, IOException, InterruptedException {
    while (canStart() || !running.isEmpty()) {
      start();
      if (!running.isEmpty()) {
        take(came.take());
      }
    }
  }

  private boolean canStart() {
    return !ready.isEmpty() && failuresLeft > 0;
  }

  /** What a path needs is run, too. */
  private void need(int path, int neededBy) throws NinjaError, IOException {
    List<Integer> more = plan.need(path, neededBy);
    for (int edge : more) {
      teller.expect(isRun(needs.manifest().edge(edge)) ? 1 : 0);
      waitFor(edge, needs.producers(edge).toArray());
    }
    more.forEach(this::readyIfNothingIsMissing);
  }

  private void waitFor(int edge, int[] producers) {
    waitingFor.putIfAbsent(edge, 0);
    for (int producer : producers) {
      if (!finished.get(producer)) {
        waitingFor.merge(edge, 1, Integer::sum);
        dependents.computeIfAbsent(producer, p -> new ArrayList<>()).add(edge);
      }
    }
  }

  private void readyIfNothingIsMissing(int edge) {
    if (waitingFor.getOrDefault(edge, 1) == 0 && !started.get(edge)) {
      started.set(edge);
      ready.add(edge);
    }
  }

  /** An edge needs these paths, too. */
  private void wait(int edge, List<Integer> paths) throws NinjaError, IOException {
    for (int path : paths) {
      if (waitingFor.containsKey(edge)) {
        need(path, edge);
        int producer = needs.producer(path);
        waitFor(edge, producer == Manifest.NONE ? new int[0] : new int[] {producer});
      }
    }
  }

  private void load(int dyndepFile) throws NinjaError, IOException {
    Map<Integer, Dyndep> said = dyndeps.load(dyndepFile);
    for (Map.Entry<Integer, Dyndep> entry : said.entrySet()) {
      needs.learn(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<Integer, Dyndep> entry : said.entrySet()) {
      List<Integer> inputs = entry.getValue().implicitInputs().stream().map(needs::number).toList();
      for (int input : inputs) {
        needs.learnInput(entry.getKey(), input);
      }
      wait(entry.getKey(), inputs);
    }
  }

  private void start() throws NinjaError, IOException {
    while (canStart() && hasCapacity()) {
      Edge edge = needs.manifest().edge(ready.remove());
      if (!isRun(edge)) {
        build.settling().isNotRun(edge.id());
        finish(edge.id());
      } else if (isKnown(edge)) {
        teller.expect(-1);
        finish(edge.id());
      } else if (!hasRoom(pool(edge))) {
        held.computeIfAbsent(pool(edge), pool -> new ArrayDeque<>()).add(edge.id());
      } else if (build.isAct(edge.id())) {
        startAct(edge);
      } else {
        start(edge, () -> perform(edge));
      }
    }
  }

  private void startAct(Edge edge) throws NinjaError, IOException {
    build.settling().isAct(edge.id());
    if (!new Logs(build.folder(), needs).due(acted::get).is(edge)) {
      teller.expect(-1);
      finish(edge.id());
      return;
    }
    acted.set(edge.id());
    teller.began(edge, running.size());
    start(edge, () -> act(edge));
  }

  private void start(Edge edge, Runnable work) {
    inPool.merge(pool(edge), 1, Integer::sum);
    running.put(edge.id(), Thread.ofVirtual().name("edge").start(work));
  }

  /** Whether an earlier build of this process has settled it, and nothing it rests on changed. */
  private boolean isKnown(Edge edge) throws IOException {
    Optional<Made> known =
        build.settling().known(edge.id(), build.atHome(), build.homecoming().takes(edge.id()));
    known.ifPresent(made -> build.world().made(edge.id(), made));
    return known.isPresent();
  }

  /** A generator has run before the build. */
  static boolean isRun(Edge edge) throws NinjaError {
    return !edge.isPhony() && !edge.flag("generator");
  }

  private boolean hasCapacity() {
    return running.isEmpty() || (running.size() < jobs && !limit.isReached());
  }

  /** There is one terminal, so acts are one at a time, whatever their pool. */
  private Pool pool(Edge edge) {
    return build.isAct(edge.id()) ? Pool.CONSOLE : edge.pool();
  }

  private boolean hasRoom(Pool pool) {
    return pool.depth() == 0 || inPool.getOrDefault(pool, 0) < pool.depth();
  }

  private void perform(Edge edge) {
    Control control = new Control(Thread.currentThread()::interrupt);
    try {
      came.add(new Came.Out(new EdgeRun(build, edge).perform(Console.SILENT, control)));
    } catch (EdgeRun.WantsMore wants) {
      came.add(new Came.Wants(edge.id(), wants.paths()));
    } catch (NinjaError | IOException | InterruptedException | RuntimeException e) {
      came.add(new Came.Broken(edge.id(), e));
    }
  }

  private void act(Edge edge) {
    try {
      came.add(new Came.Out(new ActRun(build, edge).perform()));
    } catch (NinjaError | IOException | InterruptedException | RuntimeException e) {
      came.add(new Came.Broken(edge.id(), e));
    }
  }

  private void take(Came what) throws NinjaError, IOException, InterruptedException {
    switch (what) {
      case Came.Broken(int edge, Exception cause) -> {
        leave(edge);
        fail(cause);
      }
      case Came.Wants(int edge, List<Integer> paths) -> {
        leave(edge);
        started.clear(edge);
        wait(edge, paths.stream().filter(path -> needs.find(edge, path)).toList());
        readyIfNothingIsMissing(edge);
      }
      case Came.Out(Ended out) -> {
        leave(out.edge());
        teller.ended(needs.manifest().edge(out.edge()), out, running.size());
        teller.herald().ended(build.folder(), needs.manifest().edge(out.edge()), out);
        if (out.failed()) {
          failed = true;
          failuresLeft--;
        } else {
          ended.add(out);
          finish(out.edge());
        }
      }
    }
  }

  private static void fail(Exception cause) throws NinjaError, IOException, InterruptedException {
    switch (cause) {
      case NinjaError e -> throw e;
      case IOException e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  private void leave(int edge) {
    running.remove(edge);
    Pool pool = pool(needs.manifest().edge(edge));
    inPool.merge(pool, -1, Integer::sum);
    Deque<Integer> next = held.getOrDefault(pool, new ArrayDeque<>());
    if (!next.isEmpty()) {
      ready.add(next.remove());
    }
  }

  private void finish(int edge) throws NinjaError, IOException {
    finished.set(edge);
    if (build.debug().missingDeps()) {
      for (int path : needs.found(edge)) {
        teller.missing(needs.path(needs.outputs(edge)[0]), needs.path(path));
      }
    }
    for (int output : needs.manifest().edge(edge).outputs().stream().toArray()) {
      if (dyndeps.isOne(output)) {
        load(output);
      }
    }
    teller.herald().finished(needs.manifest().edge(edge));
    for (int dependent : dependents.getOrDefault(edge, List.of())) {
      waitingFor.merge(dependent, -1, Integer::sum);
      readyIfNothingIsMissing(dependent);
    }
  }

  /** Nobody waits any more for what is under way; what has just ended well counts. */
  private void stop() throws NinjaError, IOException {
    teller.release();
    running.values().forEach(Thread::interrupt);
    Undisturbed.run(() -> {
      for (Thread thread : running.values()) {
        thread.join();
      }
    });
    for (Came what = came.poll(); what != null; what = came.poll()) {
      if (what instanceof Came.Out(Ended out) && !out.failed()) {
        ended.add(out);
      }
    }
  }
}

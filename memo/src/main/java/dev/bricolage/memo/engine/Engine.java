package dev.bricolage.memo.engine;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.ViewKey;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings nodes up to date. Who wants a node that is not claims it and computes it on its own
 * thread; who wants one that another strand computes waits. A stale node's questions are asked
 * again in their order, and only when one has another answer its task runs.
 */
final class Engine {
  /**
   * Tasks below each other on one thread's stack: with a stack of 1 MB each has room for 8 KB of
   * frames.
   */
  private static final int DEPTH = 128;

  /**
   * So often a fresh thread takes over, at 1100 bytes a task, until the stacks fill half of the
   * heap. Beyond that the collector would turn over what it cannot free, for hours; and in a heap
   * that is full a virtual thread cannot be parked but on its carrier, of which there are few: then
   * all would stand still. Frames that are not compiled yet are larger, so half is not too little.
   */
  private static final long RELAYS = Runtime.getRuntime().maxMemory() / 2 / (DEPTH * 1100);

  /** The strand that runs on this thread, so that a task is told when it asks the memo itself. */
  private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();

  final NodeTable table;
  final Waits waits = new Waits();
  final Crew crew;
  final Ears ears;
  private final Tasks tasks;
  private final Outside outside;
  private final Remembrance remembrance;
  final Room room;
  private volatile long revision = 1;
  private volatile boolean revising;
  private volatile long durableRevision;

  // On a long way down, what asks is compiled before anybody ever had an answer. With the class of
  // answers not initialized yet, each return of a million would leave compiled code, at 6 µs each.
  static {
    try {
      MethodHandles.lookup().ensureInitialized(Flight.Landing.Result.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Engine(Tasks tasks, Outside outside, Remembrance remembrance, long budget, int slots, Ears ears) {
    this.tasks = tasks;
    this.table = new NodeTable(tasks);
    this.outside = outside;
    this.remembrance = remembrance;
    this.room = new Room(budget, table, ears);
    this.ears = ears;
    this.crew = new Crew(slots, this::help);
  }

  long revision() {
    return revision;
  }

  /** Inputs are about to be what they are in this revision. */
  void revise(long next, boolean durable) {
    revision = next;
    if (durable) {
      durableRevision = next;
    }
  }

  /** Whether an edit goes through the graph: what is at hand may be of either revision. */
  boolean revising() {
    return revising;
  }

  void revising(boolean now) {
    revising = now;
  }

  <V> Node<V> node(Key<V> key) {
    return table.at(key);
  }

  static boolean insideATask() {
    return CURRENT.get() != null;
  }

  /** Runs what a strand does on the current thread. */
  <T> T on(Strand strand, Body<T> body) throws InterruptedException {
    @Nullable Thread before = strand.enter(Thread.currentThread());
    CURRENT.set(strand);
    int depth = strand.depth;
    strand.depth = 0;
    try {
      return body.run();
    } finally {
      strand.depth = depth;
      CURRENT.remove();
      strand.enter(before);
    }
  }

  /** What is done on a strand. */
  interface Body<T> {
    T run() throws InterruptedException;
  }

  /** The value as it stands, if it needs no work. */
  Optional<State.Done> atHand(Node<?> node) {
    if (node.state() instanceof State.Done done && stands(done) && !done.isDropped()) {
      use(node);
      return Optional.of(done);
    }
    return Optional.empty();
  }

  private static void use(Node<?> node) {
    if (!node.used) {
      node.used = true;
    }
  }

  private boolean stands(State.Done done) {
    return !done.rests() || done.verifiedAt() >= durableRevision;
  }

  /**
   * Brings a node up to date, with its value.
   *
   * @throws Cycle when it waits for what the strand computes
   */
  Flight.Landing.Result bring(Strand strand, Node<?> node) throws InterruptedException {
    return bring(strand, node, true);
  }

  private Flight.Landing.Result bring(Strand strand, Node<?> node, boolean withValue)
      throws InterruptedException {
    while (true) {
      State state = node.state();
      if (state instanceof State.Done done && stands(done) && !(withValue && done.isDropped())) {
        use(node);
        if (strand.cancelled()) {
          throw gone(strand);
        }
        return new Flight.Landing.Result(done, true);
      }
      if (strand.cancelled()) {
        throw gone(strand);
      }
      if (state instanceof State.Running mine && isOwed(strand, mine)) {
        return result(compute(strand, node, mine, withValue));
      }
      if (state instanceof State.Running running && !running.flight().strand.cancelled()) {
        Flight flight = running.flight();
        Flight.Landing landing = await(strand, node, flight);
        if (isAnswer(landing, withValue, flight.strand.request == strand.request)) {
          return result(landing);
        }
        continue;
      }
      if (state instanceof State.Unknown || state instanceof State.Done) {
        Optional<Flight.Landing> passing = strand.request.passing(node);
        if (passing.isPresent()) {
          return result(passing.get());
        }
      }
      Optional<State.Running> claim = claim(strand, node, state);
      if (claim.isPresent()) {
        Optional<Flight.Landing> passed = passedMeanwhile(strand, node, claim.get());
        return result(
            passed.isPresent() ? passed.get() : compute(strand, node, claim.get(), withValue));
      }
    }
  }

  /**
   * What another strand of the request has computed and not kept since this one looked for it: the
   * node was Unknown before, and is so again. Then the claim is given back.
   */
  private static Optional<Flight.Landing> passedMeanwhile(
      Strand strand, Node<?> node, State.Running claim) {
    if (!(claim.before() instanceof State.Unknown)) {
      return Optional.empty();
    }
    Optional<Flight.Landing> passed = strand.request.passing(node);
    if (passed.isPresent()) {
      node.become(claim, claim.before());
      claim.flight().land(new Flight.Landing.Nothing());
    }
    return passed;
  }

  /** Whether the strand was given this claim at its birth, and has not begun. */
  private static boolean isOwed(Strand strand, State.Running claim) {
    return claim.flight().strand == strand && strand.stack().isEmpty();
  }

  /** What is not kept is for the request that made it, and nobody else. */
  private static boolean isAnswer(Flight.Landing landing, boolean withValue, boolean ours) {
    return switch (landing) {
      case Flight.Landing.Nothing nothing -> false;
      case Flight.Landing.Circular circular -> true;
      case Flight.Landing.Result(State.Done done, boolean kept) ->
          (kept || ours) && !(withValue && done.isDropped());
    };
  }

  private static Flight.Landing.Result result(Flight.Landing landing) {
    return switch (landing) {
      case Flight.Landing.Result result -> result;
      case Flight.Landing.Circular circular -> throw circular.cycle();
      case Flight.Landing.Nothing nothing ->
          throw new IllegalStateException("a computation ended with nothing: " + nothing);
    };
  }

  private static Optional<State.Running> claim(Strand strand, Node<?> node, State state) {
    State before = state instanceof State.Running stuck ? stuck.before() : state;
    State.Running claim = new State.Running(new Flight(strand), before);
    return node.become(state, claim) ? Optional.of(claim) : Optional.empty();
  }

  private Flight.Landing await(Strand strand, Node<?> node, Flight flight)
      throws InterruptedException {
    waits.begin(strand, new Waits.Wait.ForNode(node, flight));
    ears.hear(strand, () -> new Event.Waiting(node.key));
    try {
      return withoutSlot(strand, flight::await);
    } finally {
      ears.hear(strand, () -> new Event.Resumed(node.key));
    }
  }

  /** Waits, which it has said before, and meanwhile others have the slot. */
  private <T> T withoutSlot(Strand strand, Body<T> wait) throws InterruptedException {
    crew.release(strand);
    try {
      return wait.run();
    } catch (InterruptedException e) {
      strand.interrupted();
      throw e;
    } finally {
      waits.end(strand);
      crew.acquire(strand);
    }
  }

  /** Brings all up to date, on as many threads as there are slots for. */
  List<Flight.Landing.Result> bringAll(Strand strand, List<? extends Node<?>> nodes)
      throws InterruptedException {
    List<Flight.Landing.Result> results = new ArrayList<>(nodes.size());
    List<Node<?>> open = notAtHand(nodes);
    if (open.size() > 1 && lookTogether(strand, open)) {
      open = notAtHand(open);
    }
    if (open.size() < 2) {
      for (Node<?> node : nodes) {
        results.add(bring(strand, node));
      }
      return results;
    }
    Batch batch = together(strand, open);
    int next = 0;
    for (Node<?> node : nodes) {
      boolean worked = next < open.size() && open.get(next) == node;
      Flight.Landing landing = worked ? batch.landing(next++) : new Flight.Landing.Nothing();
      // Nothing is what a helper leaves that was stopped, perhaps before this strand hears of it.
      results.add(
          landing instanceof Flight.Landing.Nothing ? bring(strand, node) : result(landing));
    }
    return results;
  }

  private List<Node<?>> notAtHand(List<? extends Node<?>> nodes) {
    List<Node<?>> open = new ArrayList<>();
    for (Node<?> node : nodes) {
      if (atHand(node).isEmpty()) {
        open.add(node);
      }
    }
    return open;
  }

  /** An input that nobody has looked at, and the claim to do so. */
  private record Look(Node<?> node, ViewKey<?> key, State.Running claim) {}

  /** Asks the view in one question for all of these that it answers; false when there are none. */
  private boolean lookTogether(Strand strand, List<Node<?>> nodes) throws InterruptedException {
    Deque<Look> looks = new ArrayDeque<>();
    try {
      for (Node<?> node : nodes) {
        if (!node.computed
            && node.key instanceof ViewKey<?> key
            && node.state() instanceof State.Unknown unknown) {
          claim(strand, node, unknown).ifPresent(claim -> looks.add(new Look(node, key, claim)));
        }
      }
      if (looks.isEmpty()) {
        return false;
      }
      for (Object value : outside.ask(looks.stream().<ViewKey<?>>map(Look::key).toList())) {
        Look look = looks.element();
        finish(strand, look.node, look.claim, seen(value), Optional.empty(), true);
        looks.remove();
      }
      return true;
    } finally {
      looks.forEach(look -> abandon(strand, look.node, look.claim));
    }
  }

  private State.Done seen(Object value) {
    return new State.Done(
        value, State.Done.NOTHING, State.Done.NO_GROUPS, revision, revision, false);
  }

  private Batch together(Strand strand, List<Node<?>> nodes) throws InterruptedException {
    Batch batch = new Batch(strand, nodes);
    crew.offer(batch);
    try {
      work(strand, batch);
    } finally {
      crew.withdraw(batch);
    }
    if (strand.cancelled()) {
      throw gone(strand);
    }
    if (!batch.isDone()) {
      waits.begin(strand, new Waits.Wait.ForBatch(batch));
      withoutSlot(strand, batch::await);
    }
    return batch;
  }

  private void work(Strand strand, Batch batch) throws InterruptedException {
    for (int i = batch.take(); i >= 0; i = batch.take()) {
      Flight.Landing landing = new Flight.Landing.Nothing();
      try {
        landing = bring(strand, batch.node(i));
      } catch (Cycle cycle) {
        landing = new Flight.Landing.Circular(cycle);
      } finally {
        batch.land(i, landing);
      }
    }
  }

  /** What a helper does for a batch; it holds a slot. */
  private void help(Strand helper, Batch batch) {
    helper.request.enter(helper);
    try {
      on(
          helper,
          () -> {
            work(helper, batch);
            return true;
          });
    } catch (InterruptedException | RuntimeException | Error e) {
      // Its asker finds nothing, looks for itself, and meets the same.
    } finally {
      batch.workers().remove(helper);
      helper.request.leave(helper);
      crew.release(helper);
    }
  }

  /** Why a cancelled strand ends. */
  static RuntimeException gone(Strand strand) throws InterruptedException {
    long by = strand.request.supersededBy();
    if (by == 0) {
      throw new InterruptedException("the request was cancelled");
    }
    return new Superseded(by);
  }

  /** One claimed node on its way to its landing. */
  private Flight.Landing compute(
      Strand strand, Node<?> node, State.Running claim, boolean withValue)
      throws InterruptedException {
    Optional<State.Done> last = claim.before().known();
    boolean ended = false;
    strand.push(node);
    try {
      Flight.Landing landing =
          last.isPresent() && node.computed && !strand.request.wants(Request.Wish.FRESH, node)
              ? verified(strand, node, claim, last.get(), withValue)
              : deeper(strand, () -> run(strand, node, claim, Optional.empty()));
      ended = true;
      return landing;
    } finally {
      strand.pop();
      if (!ended) {
        abandon(strand, node, claim);
      }
    }
  }

  private void abandon(Strand strand, Node<?> node, State.Running claim) {
    node.become(claim, claim.before());
    claim.flight().land(new Flight.Landing.Nothing());
    ears.hear(strand, () -> new Event.Cancelled(node.key));
  }

  /** A node whose old questions are asked again. */
  private static final class Frame {
    final Node<?> node;
    final State.Running claim;
    final State.Done last;
    final boolean withValue;
    int next;
    boolean rests;

    Frame(Node<?> node, State.Running claim, State.Done last, boolean withValue) {
      this.node = node;
      this.claim = claim;
      this.last = last;
      this.withValue = withValue;
    }
  }

  /**
   * Asks the old questions again, each brought up to date first. Goes down on a stack of its own,
   * since what is stale may be deep, and up again as each node is known to stand, or has run.
   */
  private Flight.Landing verified(
      Strand strand, Node<?> top, State.Running topClaim, State.Done topLast, boolean topValue)
      throws InterruptedException {
    Deque<Frame> frames = new ArrayDeque<>();
    frames.push(new Frame(top, topClaim, topLast, topValue));
    boolean ended = false;
    try {
      while (true) {
        Frame frame = frames.getFirst();
        Optional<Frame> below = frame.next < 0 ? Optional.empty() : descend(strand, frame);
        if (below.isPresent()) {
          frames.push(below.get());
          strand.push(below.get().node);
          continue;
        }
        Flight.Landing landing =
            frame.next < 0 || (frame.withValue && frame.last.isDropped())
                ? deeper(strand, () -> run(strand, frame.node, frame.claim, Optional.of(frame)))
                : stillStands(strand, frame);
        if (frames.size() == 1) {
          ended = true;
          return landing;
        }
        frames.pop();
        strand.pop();
        if (!(landing instanceof Flight.Landing.Result result && result.kept())) {
          frames.getFirst().next = -1;
        }
      }
    } finally {
      while (!ended && frames.size() > 1) {
        Frame frame = frames.pop();
        strand.pop();
        abandon(strand, frame.node, frame.claim);
      }
    }
  }

  /**
   * Goes through the frame's questions until one has to be looked into by a frame of its own.
   * Without one, {@code next} is below zero when an answer is different.
   */
  private Optional<Frame> descend(Strand strand, Frame frame) throws InterruptedException {
    Node<?>[] asked = frame.last.asked();
    while (frame.next >= 0 && frame.next < asked.length) {
      Node<?> node = asked[frame.next];
      State state = node.state();
      if (state instanceof State.Done done && stands(done)) {
        compare(frame, node, done);
        continue;
      }
      if (strand.cancelled()) {
        throw gone(strand);
      }
      int end = groupEnd(frame.last.groups(), frame.next);
      if (end > 0 && bringGroup(strand, asked, frame.next, end)) {
        continue;
      }
      Optional<Frame> below = below(strand, node, state);
      if (below.isPresent()) {
        return below;
      }
      Optional<State.Done> answer = answersAgain(strand, node);
      if (answer.isPresent()) {
        compare(frame, node, answer.get()); // its state may be another by now
      } else {
        frame.next = -1;
      }
    }
    return Optional.empty();
  }

  /** On to the next question if this one has the answer it had. */
  private static void compare(Frame frame, Node<?> node, State.Done done) {
    if (done.changedAt() > frame.last.verifiedAt()) {
      frame.next = -1;
      return;
    }
    frame.rests |= done.rests() || node.durability == Durability.HIGH;
    frame.next++;
  }

  /** A frame for a node that has been up to date once; empty when it needs another way. */
  private Optional<Frame> below(Strand strand, Node<?> node, State state) {
    boolean taken = state instanceof State.Running running && !running.flight().strand.cancelled();
    if (taken || !node.computed) {
      return Optional.empty();
    }
    Optional<State.Done> last = state.known();
    return last.flatMap(
        done -> claim(strand, node, state).map(claim -> new Frame(node, claim, done, false)));
  }

  /** Brings up to date what has no frame; empty when it is no answer that could be compared. */
  private Optional<State.Done> answersAgain(Strand strand, Node<?> node)
      throws InterruptedException {
    try {
      Flight.Landing.Result result = bring(strand, node, false);
      return result.kept() ? Optional.of(result.done()) : Optional.empty();
    } catch (Cycle cycle) {
      return Optional.empty(); // the task will meet it again, and name it
    }
  }

  /** The end of the group that holds this index; 0 without one. */
  private static int groupEnd(int[] groups, int index) {
    int low = 0;
    int high = groups.length / 2;
    while (low < high) {
      int middle = (low + high) / 2;
      if (index < groups[2 * middle]) {
        high = middle;
      } else if (index < groups[2 * middle + 1]) {
        return groups[2 * middle + 1];
      } else {
        low = middle + 1;
      }
    }
    return 0;
  }

  /** What was asked together is looked into together; false when there is nothing to share out. */
  private boolean bringGroup(Strand strand, Node<?>[] asked, int from, int to)
      throws InterruptedException {
    List<Node<?>> open = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (!(asked[i].state() instanceof State.Done done && stands(done))) {
        open.add(asked[i]);
      }
    }
    if (open.size() < 2) {
      return false;
    }
    try {
      deeper(strand, () -> together(strand, open));
    } catch (Cycle cycle) {
      return false; // so does that
    }
    for (Node<?> node : open) {
      if (!(node.state() instanceof State.Done done && stands(done))) {
        return false; // not kept, or cyclic: the slow way finds out
      }
    }
    return true;
  }

  private Flight.Landing stillStands(Strand strand, Frame frame) throws InterruptedException {
    State.Done last = frame.last;
    State.Done now =
        new State.Done(
            last.value(), last.asked(), last.groups(), last.changedAt(), revision, frame.rests);
    Flight.Landing landing = finish(strand, frame.node, frame.claim, now, Optional.of(last), true);
    if (ears.open(strand)) {
      ears.hear(strand, () -> new Event.Verified(frame.node.key));
    }
    return landing;
  }

  /** Goes on below, on a fresh thread where this one's stack has grown deep. */
  private <T> T deeper(Strand strand, Body<T> body) throws InterruptedException {
    if (strand.depth < DEPTH) {
      strand.depth++;
      try {
        return body.run();
      } finally {
        strand.depth--;
      }
    }
    if (strand.relays >= RELAYS) {
      throw new StackOverflowError(
          "more than %d tasks below each other: their stacks fill the heap of %d MB, see -Xmx"
              .formatted(RELAYS * DEPTH, Runtime.getRuntime().maxMemory() >> 20));
    }
    strand.relays++;
    try {
      return new Relay<T>(strand).over(() -> on(strand, body));
    } finally {
      strand.relays--;
    }
  }

  private <V> Flight.Landing run(
      Strand strand, Node<V> node, State.Running claim, Optional<Frame> frame)
      throws InterruptedException {
    Optional<Task<V>> task = tasks.of(node.key);
    if (task.isEmpty()) {
      return input(strand, node, claim);
    }
    Optional<State.Done> last = claim.before().known();
    Node<?>[] before = last.isPresent() ? last.get().asked() : State.Done.NOTHING;
    Recorder recorder = new Recorder(remembrance.remembers(node.key), before);
    Optional<Object> recalled = remembrance.recall(this, strand, node, recorder);
    if (recalled.isPresent()) {
      return settle(strand, node, claim, recorder, recalled.get(), last, frame);
    }
    if (strand.request.wants(Request.Wish.REMEMBERED, node)) {
      throw new Unremembered();
    }
    recorder = new Recorder(remembrance.remembers(node.key), before);
    boolean heard = ears.open(strand);
    long began = heard ? System.nanoTime() : 0;
    if (heard) {
      ears.hear(strand, () -> new Event.Started(node.key));
    }
    Object value = value(strand, node, task.get(), recorder);
    Flight.Landing landing;
    if (recorder.cycle().isPresent()) {
      landing = circular(strand, node, claim, recorder.cycle().get());
    } else {
      remembrance.record(this, strand, node, recorder, value);
      landing = settle(strand, node, claim, recorder, value, last, frame);
    }
    if (heard) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      ears.hear(strand, () -> ran(node, landing, last, took));
    }
    return landing;
  }

  private Event.Ran ran(
      Node<?> node, Flight.Landing landing, Optional<State.Done> last, Duration took) {
    boolean cutOff =
        landing instanceof Flight.Landing.Result result
            && last.isPresent()
            && result.done().changedAt() == last.get().changedAt();
    boolean failed =
        !(landing instanceof Flight.Landing.Result result
            && !(result.done().value() instanceof State.Failure));
    return new Event.Ran(node.key, took, cutOff, failed);
  }

  /** The task's value, or its failure. */
  private <V> Object value(Strand strand, Node<V> node, Task<V> task, Recorder recorder)
      throws InterruptedException {
    TaskFetch fetch = new TaskFetch(this, strand, node, recorder);
    try {
      @Nullable Object value = task.run(fetch);
      if (strand.cancelled()) {
        throw gone(strand);
      }
      return value != null
          ? value
          : new State.Failure(new NullPointerException("the task of " + node.key + " gave null"));
    } catch (Throwable thrown) {
      if (thrown instanceof InterruptedException) {
        strand.interrupted();
      }
      if (strand.cancelled()) {
        throw gone(strand);
      }
      return failure(node, thrown, recorder);
    } finally {
      fetch.close();
      strand.calm();
    }
  }

  private static State.Failure failure(Node<?> node, Throwable thrown, Recorder recorder) {
    Throwable cause = printable(thrown);
    if (thrown instanceof VirtualMachineError || thrown instanceof InterruptedException) {
      recorder.taint("it ended with " + cause); // of the machine's making, not of its inputs'
    }
    if (!node.key.keepsFailures()) {
      // Not what all below it say of that: a chain of failures would be told at each of its links.
      recorder.taint(
          cause instanceof TaskFailed below
              ? "it failed, as " + below.key() + " did"
              : "it failed: " + cause);
    }
    return new State.Failure(cause);
  }

  /**
   * Failures are told apart by what they say; one that throws instead says no more than its name.
   */
  private static Throwable printable(Throwable thrown) {
    if (thrown instanceof TaskFailed) {
      return thrown;
    }
    try {
      return thrown.toString() != null ? thrown : mute(thrown);
    } catch (RuntimeException | Error broken) {
      return mute(thrown);
    }
  }

  private static Throwable mute(Throwable thrown) {
    return new RememberedFailure(
        "an exception that cannot be printed: " + thrown.getClass().getName());
  }

  /** Who met a cycle is not remembered: which of its nodes was first is chance. */
  private Flight.Landing circular(Strand strand, Node<?> node, State.Running claim, Cycle cycle)
      throws InterruptedException {
    Flight.Landing landing = new Flight.Landing.Circular(cycle);
    strand.request.pass(node, landing);
    if (!strand.complete(node, claim, State.Unknown.STATE)) {
      throw gone(strand);
    }
    claim.flight().land(landing);
    room.lost(node, claim.before().known());
    return landing;
  }

  /** Gives the node its value, the old one where nobody cares for the difference. */
  private <V> Flight.Landing settle(
      Strand strand,
      Node<V> node,
      State.Running claim,
      Recorder recorder,
      Object value,
      Optional<State.Done> last,
      Optional<Frame> frame)
      throws InterruptedException {
    // What was dropped while all it asked still stands comes back as it was.
    boolean stood = frame.isPresent() && frame.get().next >= 0;
    boolean same = stood || (last.isPresent() && Sameness.of(node.key, last.get().value(), value));
    boolean old = same && !last.orElseThrow().isDropped();
    State.Done now =
        new State.Done(
            old ? last.orElseThrow().value() : value,
            recorder.asked(),
            recorder.groups(),
            same ? last.orElseThrow().changedAt() : revision,
            revision,
            recorder.rests());
    if (recorder.tainted().isPresent()) {
      ears.hear(strand, () -> new Event.Forgotten(node.key, recorder.tainted().orElseThrow()));
    }
    return finish(strand, node, claim, now, last, recorder.tainted().isEmpty());
  }

  private Flight.Landing finish(
      Strand strand,
      Node<?> node,
      State.Running claim,
      State.Done now,
      Optional<State.Done> last,
      boolean kept)
      throws InterruptedException {
    Flight.Landing landing = new Flight.Landing.Result(now, kept);
    if (kept) {
      tell(node, now, last);
    }
    if (!kept || isNeverThere(strand, node, now, last)) {
      strand.request.pass(node, landing);
    }
    if (!strand.complete(node, claim, kept ? now : State.Unknown.STATE)) {
      throw gone(strand);
    }
    node.used = true;
    claim.flight().land(landing);
    if (kept) {
      room.took(node, now, last);
    } else {
      room.lost(node, last);
    }
    return landing;
  }

  /**
   * Whether the value is dropped each time before it is wanted again: then the request keeps it to
   * its own end. Else a budget too small for it would make it compute each value as often as there
   * are ways to it, which may be exponentially many.
   */
  private boolean isNeverThere(
      Strand strand, Node<?> node, State.Done now, Optional<State.Done> last) {
    return last.isPresent()
        && last.get().isDropped()
        && last.get().verifiedAt() == revision
        && !now.isDropped()
        && strand.request.isWantedAgain(node);
  }

  /**
   * Makes the node known to all it asked. Those that it asked before at the same place know it, if
   * no change has passed through them since.
   */
  private static void tell(Node<?> node, State.Done now, Optional<State.Done> last) {
    Node<?>[] before = last.isPresent() ? last.get().asked() : State.Done.NOTHING;
    long since = last.isPresent() ? last.get().verifiedAt() : 0;
    Node<?>[] asked = now.asked();
    int i = 0;
    for (; i < asked.length && i < before.length && asked[i] == before[i]; i++) {
      if (asked[i].durability == Durability.LOW) {
        asked[i].addAskerAgain(node, since);
      }
    }
    for (; i < asked.length; i++) {
      if (asked[i].durability == Durability.LOW) {
        asked[i].addAsker(node);
      }
    }
  }

  private <V> Flight.Landing input(Strand strand, Node<V> node, State.Running claim)
      throws InterruptedException {
    Object value =
        node.key instanceof ViewKey<V> asked
            ? outside.ask(List.of(asked)).getFirst()
            : new State.Failure(new NotSet(node.key));
    return finish(strand, node, claim, seen(value), Optional.empty(), true);
  }
}

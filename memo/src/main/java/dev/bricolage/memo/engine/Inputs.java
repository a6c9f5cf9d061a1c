package dev.bricolage.memo.engine;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.ViewKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memo's outer side: requests that come in, and edits that end them.
 *
 * <p>An edit first cancels every request, after which none of them completes anything; then it sets
 * the inputs, and marks what rests on them. So a request sees one revision from its beginning to
 * its end, without waiting for anybody.
 */
final class Inputs {
  private final Engine engine;
  private final Outside outside;
  private final Set<Request> live = ConcurrentHashMap.newKeySet();
  private final ReentrantLock editing = new ReentrantLock();

  /** Read by requests while they come in, written by an edit while it changes the graph. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  Inputs(Engine engine, Outside outside) {
    this.engine = engine;
    this.outside = outside;
  }

  /** Computes for one asker; returns when all its work has ended. */
  Flight.Landing.Result request(Request request, Node<?> node) throws InterruptedException {
    Strand strand = new Strand(request, engine.waits, engine.crew);
    gate.readLock().lock();
    try {
      enter(strand);
    } finally {
      gate.readLock().unlock();
    }
    return answer(strand, node);
  }

  /**
   * As {@link #request}, but what is known of the node is doubted, and only kept to know it again.
   * It is claimed before anybody else can ask, who might be content with less than a run.
   */
  Flight.Landing.Result fresh(Request request, Node<?> node) throws InterruptedException {
    Strand strand = new Strand(request, engine.waits, engine.crew);
    editing.lockInterruptibly();
    try {
      alone(() -> {
        long next = begin(List.of(node));
        Flight flight = new Flight(strand);
        State before = node.state();
        while (!node.become(before, new State.Running(flight, doubted(before)))) {
          before = node.state();
        }
        mark(node, next);
        engine.ears.hear(() -> revised(next, List.of(node)));
        enter(strand);
        return next;
      });
    } finally {
      editing.unlock();
    }
    return answer(strand, node);
  }

  private static State doubted(State state) {
    return state.known().<State>map(State.Stale::new).orElse(State.Unknown.STATE);
  }

  /** Alone with the graph: no request comes in, and who reads what is at hand waits too. */
  private long alone(LongSupplier change) {
    gate.writeLock().lock();
    engine.revising(true);
    try {
      return change.getAsLong();
    } finally {
      engine.revising(false);
      gate.writeLock().unlock();
    }
  }

  private void enter(Strand strand) {
    live.add(strand.request);
    strand.request.enter(strand);
  }

  private Flight.Landing.Result answer(Strand strand, Node<?> node) throws InterruptedException {
    try {
      return Thread.currentThread().isVirtual() ? here(strand, node) : elsewhere(strand, node);
    } finally {
      strand.request.cancel(); // while an edit still sees it
      live.remove(strand.request);
    }
  }

  /** On the caller's thread: it is a virtual one, as tasks are used to. */
  private Flight.Landing.Result here(Strand strand, Node<?> node) throws InterruptedException {
    strand.runsOnCallers();
    Answering answering = new Answering();
    answering.run(strand, node);
    return answering.result();
  }

  private Flight.Landing.Result elsewhere(Strand strand, Node<?> node) throws InterruptedException {
    Answering answering = new Answering();
    Thread.ofVirtual().name("memo").start(() -> answering.run(strand, node));
    return answering.await(strand.request);
  }

  /** One request's work, and its end. */
  private final class Answering {
    private boolean ended;
    private Optional<Flight.Landing.Result> result = Optional.empty();
    private @Nullable Throwable thrown;

    void run(Strand strand, Node<?> node) {
      try {
        Flight.Landing.Result landed =
            engine.on(
                strand,
                () -> {
                  engine.crew.acquire(strand);
                  return engine.bring(strand, node);
                });
        end(strand, Optional.of(landed), null);
      } catch (Throwable e) {
        end(strand, Optional.empty(), e);
      }
    }

    private void end(
        Strand strand, Optional<Flight.Landing.Result> landed, @Nullable Throwable failed) {
      Request request = strand.request;
      long by = request.supersededBy();
      engine.crew.release(strand);
      request.leave(strand);
      strand.rest();
      request.cancel(); // what a cycle has left behind
      request.awaitEnd();
      synchronized (this) {
        result = landed;
        thrown = failed instanceof InterruptedException && by > 0 ? new Superseded(by) : failed;
        ended = true;
        notifyAll();
      }
    }

    /** An interrupt cancels the request and waits for its end; a second one does not wait. */
    synchronized Flight.Landing.Result await(Request request) throws InterruptedException {
      try {
        while (!ended) {
          wait();
        }
      } catch (InterruptedException e) {
        request.cancel();
        while (!ended) {
          wait();
        }
        throw e;
      }
      return result();
    }

    synchronized Flight.Landing.Result result() throws InterruptedException {
      if (result.isPresent()) {
        return result.get();
      }
      throw Relay.rethrown(thrown);
    }
  }

  /** Carries out an edit; gives the revision after it. */
  long edit(Consumer<Memo.Edit> changes) throws InterruptedException {
    editing.lockInterruptibly();
    try {
      Draft draft = new Draft();
      changes.accept(draft);
      draft.lookOutside();
      return apply(draft.values);
    } finally {
      editing.unlock();
    }
  }

  /** Asks the view again for all that was asked of it, up to this durability. */
  long verify(Durability upTo) throws InterruptedException {
    editing.lockInterruptibly();
    try {
      Draft draft = new Draft();
      for (ViewKey<?> key : outside.everAsked()) {
        if (key.durability().compareTo(upTo) <= 0) {
          draft.changed(key);
        }
      }
      draft.lookOutside();
      return apply(draft.values);
    } finally {
      editing.unlock();
    }
  }

  /** What an edit is about to set. */
  private final class Draft implements Memo.Edit {
    private final Map<Node<?>, Object> values = new LinkedHashMap<>();
    private final Map<Node<?>, ViewKey<?>> outsiders = new LinkedHashMap<>();

    @Override
    public <V> void set(Key<V> input, @Nullable V value) {
      if (value == null) {
        throw new NullPointerException(input + " is to be set to null: remove it instead");
      }
      values.put(checked(input), value);
    }

    @Override
    public void remove(Key<?> input) {
      values.put(checked(input), new State.Failure(new NotSet(input)));
    }

    @Override
    public void changed(ViewKey<?> key) {
      Node<?> node = checked(key);
      if (!(node.state() instanceof State.Unknown)) {
        outsiders.put(node, key);
      }
    }

    private Node<?> checked(Key<?> input) {
      Node<?> node = engine.node(input);
      if (node.computed) {
        throw new IllegalArgumentException(
            input + " has a task that computes it: only inputs can be set");
      }
      return node;
    }

    /** In one look, however many there are. */
    void lookOutside() throws InterruptedException {
      if (outsiders.isEmpty()) {
        return;
      }
      List<Object> now = outside.askAgain(List.copyOf(outsiders.values()));
      int i = 0;
      for (Node<?> node : outsiders.keySet()) {
        values.put(node, now.get(i++));
      }
    }
  }

  private long apply(Map<Node<?>, Object> values) {
    List<Map.Entry<Node<?>, Object>> different = new ArrayList<>();
    for (Map.Entry<Node<?>, Object> entry : values.entrySet()) {
      if (isDifferent(entry.getKey(), entry.getValue())) {
        different.add(entry);
      }
    }
    if (different.isEmpty()) {
      return engine.revision();
    }
    return alone(() -> {
      long next = begin(different.stream().<Node<?>>map(Map.Entry::getKey).toList());
      for (Map.Entry<Node<?>, Object> entry : different) {
        put(entry.getKey(), entry.getValue(), next);
      }
      engine.ears.hear(
          () -> revised(next, different.stream().<Node<?>>map(Map.Entry::getKey).toList()));
      return next;
    });
  }

  /** What is being looked at outside just now may be looked at too early. */
  private static <V> boolean isDifferent(Node<V> node, Object value) {
    return !(node.state() instanceof State.Done done && Sameness.of(node.key, done.value(), value));
  }

  private long begin(Collection<Node<?>> changed) {
    long next = engine.revision() + 1;
    live.forEach(request -> request.supersede(next));
    live.forEach(Request::cancel);
    engine.revise(next, changed.stream().anyMatch(node -> node.durability == Durability.HIGH));
    return next;
  }

  private static Event revised(long revision, Collection<Node<?>> changed) {
    return new Event.Revised(revision, changed.stream().<Key<?>>map(node -> node.key).toList());
  }

  private static void put(Node<?> node, Object value, long revision) {
    State.Done now =
        new State.Done(value, State.Done.NOTHING, State.Done.NO_GROUPS, revision, revision, false);
    State state = node.state();
    while (!node.become(state, now)) {
      state = node.state();
    }
    mark(node, revision);
  }

  /** Everything that asked, and what asked that, may be stale now. */
  static void mark(Node<?> changed, long revision) {
    Deque<Node<?>[]> open = new ArrayDeque<>();
    open.push(changed.takeAskers(revision));
    while (!open.isEmpty()) {
      for (Node<?> asker : open.pop()) {
        if (becomesStale(asker)) {
          open.push(asker.takeAskers(revision));
        }
      }
    }
  }

  /** False when it was stale before, and all above it too. */
  private static boolean becomesStale(Node<?> node) {
    while (true) {
      State state = node.state();
      boolean running = state instanceof State.Running;
      State standing = state instanceof State.Running(Flight flight, State before) ? before : state;
      if (standing instanceof State.Unknown) {
        return true; // it may have been known when those above it asked, and they may stand
      }
      if (!(standing instanceof State.Done done)) {
        return false; // a cancelled run of what is stale ends as it began
      }
      if (node.become(state, new State.Stale(done))) {
        return true;
      }
      if (!running && node.state() instanceof State.Stale) {
        return false;
      }
    }
  }
}

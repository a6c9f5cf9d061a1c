package dev.bricolage.memo.engine;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Computes keys in one view, and never twice: what was asked before is remembered with all that it
 * asked, in memory from one revision to the next, and in the store, if there is one and the key is
 * {@link dev.bricolage.memo.Persistent}, for everybody.
 *
 * <p>When inputs change, what rests on them is marked, and looked into when it is asked again: its
 * questions are asked in their order, and only if one has another answer its task runs; if the task
 * gives the same value all the same, nothing after it runs (red and green, after salsa and
 * Skyframe; early cut-off, after "Build Systems à la Carte").
 *
 * <p>Safe for many threads. Tasks run on virtual threads of the memo's own.
 */
public final class Memo {
  /** Seen by tests. */
  final Engine engine;

  private final Inputs inputs;

  private Memo(Builder builder) {
    Outside outside = new Outside(builder.view);
    Ears ears = new Ears(builder.listener);
    Remembrance remembrance = new Remembrance(builder.store, outside);
    engine = new Engine(builder.tasks, outside, remembrance, builder.budget, builder.slots, ears);
    inputs = new Inputs(engine, outside);
  }

  /** Changes of inputs, all of which make one revision. */
  public interface Edit {
    /**
     * Gives an input this value.
     *
     * @throws IllegalArgumentException when the key has a task
     * @throws NullPointerException when the value is null
     */
    <V> void set(Key<V> input, V value);

    /** Takes an input's value: asking it fails from now on. */
    void remove(Key<?> input);

    /** What the view answers to this may be different now. */
    void changed(ViewKey<?> key);
  }

  /** A memo in which queries compute themselves, and nothing outlasts the process. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The value of {@code key} in the latest revision. Of two of these the second may be in a later
   * revision than the first, never in an earlier one; what must be of one revision is asked by one
   * key.
   *
   * @throws dev.bricolage.memo.TaskFailed when its task failed
   * @throws dev.bricolage.memo.Cycle when it waits for itself
   * @throws dev.bricolage.memo.Superseded when an edit came meanwhile: ask again
   * @throws InterruptedException when this thread was interrupted; what ran for it has ended then,
   *     unless it is interrupted once more
   * @throws IllegalStateException when a task asks so, past its {@link dev.bricolage.memo.Fetch}
   */
  public <V> V get(Key<V> key) throws InterruptedException {
    return get(key, Asker.NOBODY);
  }

  /** As {@link #get(Key)}, for somebody who hears what happens for the sake of it. */
  public <V> V get(Key<V> key, Asker asker) throws InterruptedException {
    outsideTasks(key);
    Node<V> node = engine.node(key);
    Optional<State.Done> atHand = engine.revising() ? Optional.empty() : engine.atHand(node);
    State.Done done =
        atHand.isPresent()
            ? atHand.get()
            : inputs.request(new Request(asker, Request.Wish.ANYHOW, node), node).done();
    return TaskFetch.valueOf(node, done.value());
  }

  /**
   * As {@link #get}, but the key's own task runs, whatever is remembered; a {@link ViewKey} is
   * asked again. One revision; when the value is the one it had, nothing after it is redone.
   */
  public <V> V fresh(Key<V> key, Asker asker) throws InterruptedException {
    outsideTasks(key);
    Node<V> node = engine.node(key);
    if (!node.computed) {
      if (key instanceof ViewKey<?> fact) {
        inputs.edit(edit -> edit.changed(fact));
      }
      return get(key, asker);
    }
    Request request = new Request(asker, Request.Wish.FRESH, node);
    return TaskFetch.valueOf(node, inputs.fresh(request, node).done().value());
  }

  /**
   * The value from memory or the store, without running the key's own task; empty when that would
   * have to run. What the key's trace asks is computed.
   */
  public <V> Optional<V> recall(Key<V> key, Asker asker) throws InterruptedException {
    outsideTasks(key);
    Node<V> node = engine.node(key);
    Request request = new Request(asker, Request.Wish.REMEMBERED, node);
    try {
      return Optional.of(TaskFetch.valueOf(node, inputs.request(request, node).done().value()));
    } catch (Unremembered nothing) {
      return Optional.empty();
    }
  }

  /**
   * Why the store has no value for this key in today's view: told by the walk that recalls, which
   * names what stands against the nearest trace. Empty when there is a value.
   */
  public Optional<Recall> explain(Persistent<?> key) throws InterruptedException {
    AtomicReference<Optional<Recall>> told = new AtomicReference<>(Optional.empty());
    Asker reader =
        new Asker() {
          @Override
          public void heard(Event event) {
            if (event instanceof Event.Missed(Key<?> missed, Recall why) && missed.equals(key)) {
              told.set(Optional.of(why));
            }
          }
        };
    recall(key, reader);
    return told.get();
  }

  /**
   * Carries out changes of inputs as one revision: requests that are running end by {@link
   * dev.bricolage.memo.Superseded}. When all is as it was, nothing happens.
   *
   * @return the revision after it
   */
  public long edit(Consumer<Edit> changes) throws InterruptedException {
    outsideTasks("an edit");
    return inputs.edit(changes);
  }

  /**
   * Asks the view again about everything it was ever asked, up to this durability; what is
   * different is one revision. After this no answer rests on anybody's having told of a change.
   *
   * @return the revision after it
   */
  public long verify(Durability upTo) throws InterruptedException {
    outsideTasks("verify");
    return inputs.verify(upTo);
  }

  /** Counts edits that changed anything, from 1. */
  public long revision() {
    return engine.revision();
  }

  /** Counts what is here; the cost is proportional to it. */
  public Census census() {
    AtomicLong values = new AtomicLong();
    AtomicLong edges = new AtomicLong();
    engine.table.forEach(node -> {
      edges.addAndGet(node.askerCount());
      if (node.hasValue()) {
        values.incrementAndGet();
      }
    });
    return new Census(engine.table.size(), values.get(), engine.room.weight(), edges.get());
  }

  private static void outsideTasks(Object what) {
    if (Engine.insideATask()) {
      throw new IllegalStateException(
          "a task asks the memo itself for "
              + what
              + ": ask through its Fetch, or it is not known"
              + " that it asked");
    }
  }

  /** What a memo is made of. */
  public static final class Builder {
    private Tasks tasks = Tasks.QUERIES;
    private View view =
        questions -> List.copyOf(questions.stream().map(q -> View.UNANSWERABLE).toList());
    private Optional<Remembrance.Store> store = Optional.empty();
    private Optional<Consumer<Event>> listener = Optional.empty();
    private int slots = Runtime.getRuntime().availableProcessors();
    private long budget = Long.MAX_VALUE;

    private Builder() {}

    /** How keys are computed; else queries compute themselves. */
    public Builder tasks(Tasks tasks) {
      this.tasks = tasks;
      return this;
    }

    /** What answers {@link ViewKey}s; else they have no answer. */
    public Builder view(View view) {
      this.view = view;
      return this;
    }

    /**
     * Makes persistent keys persistent.
     *
     * @param kinds knows every key that a persistent one may ask
     */
    public Builder traces(Traces traces, Values values, Kinds kinds) {
      this.store = Optional.of(new Remembrance.Store(traces, values, kinds));
      return this;
    }

    /** At most so many tasks run at once; one that waits for others does not count. */
    public Builder slots(int slots) {
      if (slots < 1) {
        throw new IllegalArgumentException("a memo needs at least one slot, not " + slots);
      }
      this.slots = slots;
      return this;
    }

    /** At most so much {@link Key#weight} of computed values stays in memory. */
    public Builder budget(long weight) {
      this.budget = weight;
      return this;
    }

    /** Hears all that happens, on the thread on which it does; must return soon. */
    public Builder listener(Consumer<Event> listener) {
      this.listener = Optional.of(listener);
      return this;
    }

    /** Opens an empty memo. */
    public Memo open() {
      return new Memo(this);
    }
  }
}

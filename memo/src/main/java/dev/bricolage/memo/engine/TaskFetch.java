package dev.bricolage.memo.engine;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.TaskFailed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The door of one running task. */
final class TaskFetch implements Fetch {
  private final Engine engine;
  private final Strand strand;
  private final Node<?> node;
  private final Recorder recorder;
  private final Thread thread = Thread.currentThread();
  private boolean over;

  TaskFetch(Engine engine, Strand strand, Node<?> node, Recorder recorder) {
    this.engine = engine;
    this.strand = strand;
    this.node = node;
    this.recorder = recorder;
  }

  /** The task has ended. */
  void close() {
    over = true;
  }

  @Override
  public <V> V fetch(Key<V> key) throws InterruptedException {
    check();
    try {
      Node<V> wanted = node(key, 0);
      Flight.Landing.Result result = engine.bring(strand, wanted);
      recorder.ask(wanted, result);
      return valueOf(wanted, result.done().value());
    } catch (TaskFailed answer) {
      throw answer;
    } catch (InterruptedException | RuntimeException | Error none) {
      throw unanswered(none);
    }
  }

  @Override
  public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
      throws InterruptedException {
    check();
    try {
      List<Node<? extends V>> nodes = new ArrayList<>(keys.size());
      for (Key<? extends V> key : keys) {
        nodes.add(node(key, nodes.size()));
      }
      List<Flight.Landing.Result> results = engine.bringAll(strand, nodes);
      recorder.askAll(nodes, results);
      List<V> values = new ArrayList<>(nodes.size());
      for (int i = 0; i < nodes.size(); i++) {
        values.add(valueOf(nodes.get(i), results.get(i).done().value()));
      }
      return values;
    } catch (TaskFailed answer) {
      throw answer;
    } catch (InterruptedException | RuntimeException | Error none) {
      throw unanswered(none);
    }
  }

  /**
   * A question that got no answer is not in the trace: whatever the task makes of that must not be
   * remembered, since no change could ever reach it.
   */
  private RuntimeException unanswered(Throwable why) throws InterruptedException {
    if (why instanceof Cycle cycle) {
      recorder.met(cycle);
    } else {
      recorder.taint("a question of it ended with " + why.getClass().getName());
    }
    return Relay.rethrown(why);
  }

  private <V> Node<V> node(Key<V> key, int ahead) {
    Node<V> guess = recorder.guess(key, ahead);
    return guess != null ? guess : engine.node(key);
  }

  /** A node's value has the type of its key. */
  @SuppressWarnings("unchecked")
  static <V> V valueOf(Node<? extends V> node, Object value) {
    if (value instanceof State.Failure(Throwable cause)) {
      throw new TaskFailed(node.key, cause);
    }
    return (V) value;
  }

  @Override
  public void observed(List<Step> steps) {
    check();
    recorder.observe(steps);
  }

  @Override
  public void forget(String reason) {
    check();
    recorder.taint(reason);
  }

  @Override
  public Asker asker() {
    return strand.request.asker;
  }

  private void check() {
    if (over) {
      throw new IllegalStateException(
          node.key + " has ended: its Fetch asks nothing more. Fetch before the task returns");
    }
    if (strand.stack().getLast() != node && Thread.currentThread() == thread) {
      throw new IllegalStateException(
          node.key
              + " waits for "
              + strand.stack().getLast()
              + ", which uses its Fetch: each task asks through its own");
    }
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          node.key + " asks from a thread that is not its own: use fetchAll to ask side by side");
    }
  }
}

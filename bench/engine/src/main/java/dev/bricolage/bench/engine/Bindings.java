package dev.bricolage.bench.engine;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableObjectValue;

/**
 * The other engine on the JVM that Maven Central has: JavaFX's bindings, invalidated at once and
 * computed when they are asked, as the graph of an engine in memory is. They know one thread, and
 * no cut-off: what is above a change is computed again although nothing came of it.
 */
final class Bindings implements Engine {
  private static final long STACK = 4L << 30;

  private final Map<Key<?>, ObservableObjectValue<?>> nodes = new HashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(run -> new Thread(null, run, "deep", STACK));

  @Override
  public <V> V get(Key<V> key) throws InterruptedException {
    try {
      return thread.submit(() -> node(key).get()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void set(List<Leaf> inputs, List<Long> values) throws InterruptedException {
    try {
      thread.submit(() -> setAll(inputs, values)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @SuppressWarnings("unchecked") // leaves are only made here
  private void setAll(List<Leaf> inputs, List<Long> values) {
    for (int i = 0; i < inputs.size(); i++) {
      ((SimpleObjectProperty<Long>)
              nodes.computeIfAbsent(inputs.get(i), _ -> new SimpleObjectProperty<Long>()))
          .set(values.get(i));
    }
  }

  @SuppressWarnings("unchecked") // a node is put under its own key only
  private <V> ObservableObjectValue<V> node(Key<V> key) {
    ObservableObjectValue<?> known = nodes.get(key);
    if (known == null) {
      known = new Node<>((Query<V>) key);
      nodes.put(key, known);
    }
    return (ObservableObjectValue<V>) known;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** Binds itself to what its task asks. */
  private final class Node<V> extends ObjectBinding<V> implements Fetch {
    private final Query<V> query;

    /** Bound in the first run: these tasks always ask the same. */
    private boolean bound;

    Node(Query<V> query) {
      this.query = query;
    }

    @Override
    protected V computeValue() {
      try {
        V value = query.run(this);
        bound = true;
        return value;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public <W> W fetch(Key<W> key) {
      ObservableObjectValue<W> node = node(key);
      if (!bound) {
        bind(node);
      }
      return node.get();
    }

    @Override
    public <W> List<W> fetchAll(Collection<? extends Key<? extends W>> keys) {
      List<W> found = new ArrayList<>(keys.size());
      for (Key<? extends W> key : keys) {
        found.add(fetch(key));
      }
      return found;
    }

    @Override
    public void observed(List<Step> steps) {}

    @Override
    public void forget(String reason) {}

    @Override
    public Asker asker() {
      return Asker.NOBODY;
    }
  }
}

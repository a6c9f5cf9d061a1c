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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor: a map from key to value, filled by plain recursion. It knows of no dependency, so an
 * edit forgets everything, and what is asked next is computed from its leaves.
 */
final class PlainMemo implements Engine, Fetch {
  /** A chain of a million links, some hundred bytes each; what is not touched is not there. */
  private static final long STACK = 4L << 30;

  private final Map<Leaf, Long> inputs;
  private final Map<Key<?>, Object> values;
  private final ExecutorService threads;
  private final int parts;

  private PlainMemo(Map<Leaf, Long> inputs, Map<Key<?>, Object> values, int parts) {
    this.inputs = inputs;
    this.values = values;
    this.parts = parts;
    threads = Executors.newFixedThreadPool(parts, run -> new Thread(null, run, "deep", STACK));
  }

  /** One thread. */
  static PlainMemo hashMap() {
    return new PlainMemo(new HashMap<>(), new HashMap<>(), 1);
  }

  /**
   * A {@code fetchAll} from outside is halved between two threads. Neither waits for the other: now
   * and then both compute the same.
   */
  static PlainMemo concurrentHashMap() {
    // The one that asks and the two that compute.
    return new PlainMemo(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), 3);
  }

  @Override
  public <V> V get(Key<V> key) throws InterruptedException {
    return ended(threads.submit(() -> fetch(key)));
  }

  private static <V> V ended(Future<V> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void set(List<Leaf> leaves, List<Long> now) {
    for (int i = 0; i < leaves.size(); i++) {
      inputs.put(leaves.get(i), now.get(i));
    }
    values.clear();
  }

  @Override
  @SuppressWarnings("unchecked") // a value is put under its own key only
  public <V> V fetch(Key<V> key) throws InterruptedException {
    if (key instanceof Leaf leaf) {
      return (V) Objects.requireNonNull(inputs.get(leaf));
    }
    Object known = values.get(key);
    if (known != null) {
      return (V) known;
    }
    V value = compute((Query<V>) key);
    values.put(key, value);
    return value;
  }

  private <V> V compute(Query<V> query) throws InterruptedException {
    try {
      return query.run(this);
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
      throws InterruptedException {
    List<Key<? extends V>> all = List.copyOf(keys);
    if (parts == 1) {
      return part(all);
    }
    Callable<List<V>> first = () -> part(all.subList(0, all.size() / 2));
    Callable<List<V>> second = () -> part(all.subList(all.size() / 2, all.size()));
    List<V> found = new ArrayList<>(all.size());
    for (Future<List<V>> half : threads.invokeAll(List.of(first, second))) {
      found.addAll(ended(half));
    }
    return found;
  }

  private <V> List<V> part(List<Key<? extends V>> keys) throws InterruptedException {
    List<V> found = new ArrayList<>(keys.size());
    for (Key<? extends V> key : keys) {
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

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

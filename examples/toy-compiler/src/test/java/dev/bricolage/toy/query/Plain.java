package dev.bricolage.toy.query;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.ViewKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compiler without a memo: one pass over everything, each key once. What it gives is what the
 * memo must give.
 */
final class Plain implements Fetch {
  private final Map<String, String> sources;
  private final List<Key<?>> way = new ArrayList<>();
  private final Map<Key<?>, Object> known = new HashMap<>();

  Plain(Map<String, String> sources) {
    this.sources = sources;
  }

  @Override
  public <V> V fetch(Key<V> key) throws InterruptedException {
    if (known.get(key) instanceof TaskFailed failed) {
      throw failed;
    }
    if (known.containsKey(key)) {
      return cast(key, known.getOrDefault(key, ""));
    }
    if (way.contains(key)) {
      throw new Cycle(way.subList(way.indexOf(key), way.size()));
    }
    way.add(key);
    try {
      V value = answer(key);
      known.put(key, value);
      return value;
    } catch (InterruptedException | Cycle e) {
      throw e;
    } catch (Exception e) {
      TaskFailed failed = new TaskFailed(key, e);
      known.put(key, failed);
      throw failed;
    } finally {
      way.removeLast();
    }
  }

  @SuppressWarnings({"unchecked", "unused"}) // the key says which type its value has
  private static <V> V cast(Key<V> key, Object value) {
    return (V) value;
  }

  private <V> V answer(Key<V> key) throws Exception {
    return switch (key) {
      case Query<V> query -> query.run(this);
      case ViewKey<V> outside -> outside.parse(outside(outside));
      default -> throw new IllegalStateException("neither a query nor outside: " + key);
    };
  }

  private String outside(ViewKey<?> key) {
    return switch (key) {
      case SourceText text when sources.containsKey(text.file()) ->
          text.answer(sources.getOrDefault(text.file(), ""));
      case SourceExists exists -> exists.answer(sources.containsKey(exists.file()));
      default -> throw new IllegalStateException("no answer to " + key);
    };
  }

  @Override
  public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
      throws InterruptedException {
    List<V> values = new ArrayList<>();
    List<RuntimeException> failures = new ArrayList<>();
    for (Key<? extends V> key : keys) {
      try {
        values.add(fetch(key));
      } catch (Cycle cycle) {
        failures.addFirst(cycle); // it counts for more, as nobody can catch it
      } catch (TaskFailed failed) {
        failures.add(failed);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    return values;
  }

  @Override
  public void observed(List<Step> steps) {
    throw new UnsupportedOperationException("the compiler observes nothing");
  }

  @Override
  public void forget(String reason) {
    throw new UnsupportedOperationException("the compiler forgets nothing");
  }

  @Override
  public Asker asker() {
    return Asker.NOBODY;
  }
}

package dev.bricolage.toy.query;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.ViewKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The compiler without a memo: computes everything anew whenever it is asked. What it gives is what
 * the memo must give.
 */
record Plain(Map<String, String> sources) implements Fetch {
  @Override
  public <V> V fetch(Key<V> key) throws InterruptedException {
    try {
      return switch (key) {
        case Query<V> query -> query.run(this);
        case SourceText text -> answer(key, text.answer(text(text.file())));
        case SourceExists exists -> answer(key, exists.answer(sources.containsKey(exists.file())));
        default -> throw new IllegalStateException("no such key: " + key);
      };
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new TaskFailed(key, e);
    }
  }

  private String text(String file) {
    String text = sources.get(file);
    if (text == null) {
      throw new IllegalStateException(file + " is not there");
    }
    return text;
  }

  private static <V> V answer(Key<V> key, String answer) {
    return ((ViewKey<V>) key).parse(answer);
  }

  @Override
  public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
      throws InterruptedException {
    List<V> values = new ArrayList<>();
    for (Key<? extends V> key : keys) {
      values.add(fetch(key));
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

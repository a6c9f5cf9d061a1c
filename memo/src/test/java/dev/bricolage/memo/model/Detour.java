package dev.bricolage.memo.model;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The door of a task, with a few things that tasks do besides asking.
 *
 * @param fetch the real one
 * @param running whose task it is
 * @param world what the view answers
 * @param told what inputs answered first, if the task asks them no more; else empty and stays so
 */
record Detour(
    Fetch fetch,
    Key<?> running,
    Traffic traffic,
    Map<Cell, Integer> world,
    Map<Key<?>, Object> told)
    implements Fetch {

  /** What goes on around it. */
  record Traffic(boolean hesitates, boolean sideDoor) {}

  @Override
  public <V> V fetch(Key<V> key) throws InterruptedException {
    if (traffic.hesitates()) {
      hesitate();
    }
    Optional<Integer> fact = fact(key);
    if (fact.isPresent()) {
      fetch.observed(List.of(new Step(key.question(), fact.get().toString())));
      return number(key, fact.get());
    }
    Object known = told.get(key);
    if (known != null) {
      return number(key, known);
    }
    V value = fetch.fetch(key);
    if (traffic.sideDoor() && key instanceof Cell.Input) {
      told.put(key, value);
    }
    return value;
  }

  /** Lets others go first, and looks whether it is still wanted. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
  private static void hesitate() throws InterruptedException {
    if (ThreadLocalRandom.current().nextInt(4) == 0) {
      Thread.yield();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("a task is no longer wanted");
    }
  }

  /**
   * What never changes and has an answer, for a task that asks facts in any order: it sees such
   * things as a process does, and tells of it afterwards.
   */
  private Optional<Integer> fact(Key<?> key) {
    return running instanceof Cell.Kept kept
            && kept.order() == Trace.Order.ANY
            && key instanceof Cell.Seen seen
            && seen.durability() == Durability.FIXED
        ? Optional.ofNullable(world.get(seen))
        : Optional.empty();
  }

  /** All values are numbers. */
  @SuppressWarnings({"unchecked", "unused"})
  private static <V> V number(Key<V> key, Object value) {
    return (V) value;
  }

  @Override
  public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys)
      throws InterruptedException {
    return fetch.fetchAll(keys);
  }

  @Override
  public void observed(List<Step> steps) {
    fetch.observed(steps);
  }

  @Override
  public void forget(String reason) {
    fetch.forget(reason);
  }

  @Override
  public Asker asker() {
    return fetch.asker();
  }
}

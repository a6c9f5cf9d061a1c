package dev.bricolage.memo.model;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.model.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The engine, over traces in memory, perhaps broken on purpose. */
final class MemoSubject implements Subject {
  private final Scenario scenario;
  private final Mutant mutant;
  private final Traces traces;
  private final Values values = new MemoryValues();
  private final Map<Cell, Integer> inputs = new HashMap<>();
  private final Map<Question, String> world = new ConcurrentHashMap<>();
  private final Map<Key<?>, Object> firstSeen = new ConcurrentHashMap<>();
  private final Queue<Cell> ran = new ConcurrentLinkedQueue<>();
  private final Queue<Cell> recalled = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private volatile Memo memo;

  MemoSubject(Scenario scenario, Mutant mutant) {
    this.scenario = scenario;
    this.mutant = mutant;
    this.traces = new MutantTraces(new TraceMemory(new MemoryNodes()), mutant);
    this.memo = open();
  }

  private Memo open() {
    Graph graph = scenario.graph();
    Memo.Builder builder =
        Memo.builder()
            .tasks(mutant == Mutant.SIDE_DOOR ? new SideDoor(graph, firstSeen) : graph)
            .view(this::answers)
            .traces(traces, values, graph)
            .slots(scenario.slots())
            .listener(this::heard);
    if (scenario.budget() > 0) {
      builder.budget(scenario.budget());
    }
    return builder.open();
  }

  private List<String> answers(List<Question> questions) {
    return questions.stream()
        .map(question -> world.getOrDefault(question, View.UNANSWERABLE))
        .toList();
  }

  private void heard(Event event) {
    switch (event) {
      case Event.Started(Key<?> key) -> ran.add((Cell) key);
      case Event.Recalled(Key<?> key, int questions) -> recalled.add((Cell) key);
      case Event.StoreFailed failed -> complaints.add(failed.toString());
      case Event.NotAFunction wrong -> complaints.add(wrong.toString());
      default -> {}
    }
  }

  @Override
  public boolean minimal() {
    return true;
  }

  @Override
  public Result<Integer> ask(Cell cell) throws InterruptedException {
    return answered(() -> memo.get(cell));
  }

  /** What may be interrupted. */
  private interface Asking {
    Integer value() throws InterruptedException;
  }

  private static Result<Integer> answered(Asking asking) throws InterruptedException {
    while (true) {
      try {
        return new Result.Value<>(asking.value());
      } catch (TaskFailed failed) {
        return new Result.Failure<>(Graph.heard(failed));
      } catch (Cycle cycle) {
        return new Result.Cycle<>();
      } catch (Superseded again) {
        // A newer revision has come.
      }
    }
  }

  @Override
  public void edit(Map<Cell, Optional<Integer>> changes) throws InterruptedException {
    changes.forEach(this::put);
    Map<Cell, Optional<Integer>> told = new HashMap<>(changes);
    if (mutant == Mutant.UNTOLD_INPUT) {
      changes.keySet().stream().limit(1).forEach(told::remove);
    }
    memo.edit(edit -> told.forEach((cell, value) -> tell(edit, cell, value)));
  }

  private void tell(Memo.Edit edit, Cell cell, Optional<Integer> value) {
    if (!(cell instanceof Cell.Seen seen)) {
      value.ifPresentOrElse(set -> edit.set(cell, set), () -> edit.remove(cell));
    } else if (mutant != Mutant.UNTOLD_VIEW) {
      edit.changed(seen);
    }
  }

  private void put(Cell cell, Optional<Integer> value) {
    value.ifPresentOrElse(set -> inputs.put(cell, set), () -> inputs.remove(cell));
    if (cell instanceof Cell.Seen seen) {
      value.ifPresentOrElse(
          set -> world.put(cell.question(), seen.answer(set)), () -> world.remove(cell.question()));
    }
  }

  @Override
  public void look(Map<Cell, Optional<Integer>> changes, Durability upTo)
      throws InterruptedException {
    changes.forEach(this::put);
    memo.verify(upTo);
  }

  @Override
  public void restart() throws InterruptedException {
    memo = open();
    Map<Cell, Integer> all = Map.copyOf(inputs);
    memo.edit(edit -> all.forEach((cell, value) -> tell(edit, cell, Optional.of(value))));
  }

  @Override
  public List<Cell> ran() {
    return drained(ran);
  }

  @Override
  public List<Cell> recalled() {
    return drained(recalled);
  }

  @Override
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  private static List<Cell> drained(Queue<Cell> queue) {
    List<Cell> list = new ArrayList<>();
    for (Cell cell = queue.poll(); cell != null; cell = queue.poll()) {
      list.add(cell);
    }
    return list;
  }

  @Override
  public void close() {}

  /** Values that outlast a memo. */
  private static final class MemoryValues implements Values {
    private final Map<Digest, byte[]> bytes = new ConcurrentHashMap<>();

    @Override
    public Digest put(byte[] value) {
      Digest digest = Digest.of(value);
      bytes.put(digest, value.clone());
      return digest;
    }

    @Override
    public Optional<byte[]> read(Digest digest) {
      return Optional.ofNullable(bytes.get(digest)).map(byte[]::clone);
    }
  }

  /** Traces that are recorded otherwise than they were. */
  private record MutantTraces(Traces traces, Mutant mutant) implements Traces {
    @Override
    public Recall recall(Question key, Trace.Order order, View view)
        throws IOException, InterruptedException {
      return traces.recall(key, order, view);
    }

    @Override
    public Optional<String> record(Trace trace) {
      return mutant == Mutant.NO_TRACES ? Optional.empty() : traces.record(mutant.recorded(trace));
    }
  }

  /** Tasks that remember what they were told. */
  private record SideDoor(Graph graph, Map<Key<?>, Object> firstSeen) implements Tasks {
    @Override
    public <V> Optional<Task<V>> of(Key<V> key) {
      return graph.of(key).map(task -> fetch -> task.run(new Remembering(fetch, firstSeen)));
    }
  }

  /** Asks each input once. */
  private record Remembering(Fetch fetch, Map<Key<?>, Object> firstSeen) implements Fetch {
    @Override
    @SuppressWarnings("unchecked") // what was put there under this key
    public <V> V fetch(Key<V> key) throws InterruptedException {
      Object known = key instanceof Cell.Input ? firstSeen.get(key) : null;
      if (known != null) {
        return (V) known;
      }
      V value = fetch.fetch(key);
      firstSeen.put(key, value);
      return value;
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
}

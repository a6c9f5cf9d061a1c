package dev.bricolage.memo.model;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.engine.Census;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.model.Result;
import java.io.IOException;
import java.util.ArrayList;
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
  private final Queue<Cell> ran = new ConcurrentLinkedQueue<>();
  private final Queue<Cell> recalled = new ConcurrentLinkedQueue<>();
  private final Queue<List<Key<?>>> cycles = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private Checkout here;
  private Checkout there;

  MemoSubject(Scenario scenario, Mutant mutant) {
    this.scenario = scenario;
    this.mutant = mutant;
    this.traces = new MutantTraces(new TraceMemory(new MemoryNodes()), mutant);
    this.here = new Checkout();
    this.there = new Checkout();
  }

  /** A process and what it sees. */
  private final class Checkout {
    final Map<Cell, Integer> inputs = new ConcurrentHashMap<>();
    final Map<Key<?>, Object> told = new ConcurrentHashMap<>();
    Memo memo = open();

    Memo open() {
      told.clear();
      Memo.Builder builder =
          Memo.builder()
              .tasks(tasks())
              .view(this::answers)
              .traces(traces, values, scenario.graph())
              .slots(scenario.slots())
              .listener(MemoSubject.this::heard);
      if (scenario.budget() > 0) {
        builder.budget(scenario.budget());
      }
      return builder.open();
    }

    private Tasks tasks() {
      Detour.Traffic traffic = new Detour.Traffic(scenario.isCrowded(), mutant == Mutant.SIDE_DOOR);
      return new Tasks() {
        @Override
        public <V> Optional<Task<V>> of(Key<V> key) {
          return scenario
              .graph()
              .of(key)
              .map(task -> fetch -> task.run(new Detour(fetch, key, traffic, inputs, told)));
        }
      };
    }

    private List<String> answers(List<Question> questions) {
      return questions.stream().map(this::answer).toList();
    }

    private String answer(Question question) {
      return scenario.graph().key(question).orElseThrow() instanceof Cell.Seen seen
          ? Optional.ofNullable(inputs.get(seen)).map(seen::answer).orElse(View.UNANSWERABLE)
          : View.UNANSWERABLE;
    }

    void put(Map<Cell, Optional<Integer>> changes) {
      changes.forEach((cell, value) ->
          value.ifPresentOrElse(set -> inputs.put(cell, set), () -> inputs.remove(cell)));
    }

    void tell(Map<Cell, Optional<Integer>> changes) throws InterruptedException {
      memo.edit(edit -> changes.forEach((cell, value) -> tell(edit, cell, value)));
    }

    private void tell(Memo.Edit edit, Cell cell, Optional<Integer> value) {
      if (!(cell instanceof Cell.Seen seen)) {
        value.ifPresentOrElse(set -> edit.set(cell, set), () -> edit.remove(cell));
      } else if (mutant != Mutant.UNTOLD_VIEW) {
        edit.changed(seen);
      }
    }
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
    return answered(() -> Optional.of(here.memo.get(cell))).orElseThrow();
  }

  @Override
  public Result<Integer> fresh(Cell cell) throws InterruptedException {
    return answered(() -> Optional.of(here.memo.fresh(cell, Asker.NOBODY))).orElseThrow();
  }

  @Override
  public Optional<Result<Integer>> recall(Cell cell) throws InterruptedException {
    return answered(() -> here.memo.recall(cell, Asker.NOBODY));
  }

  /** What may be interrupted. */
  private interface Asking {
    Optional<Integer> value() throws InterruptedException;
  }

  private Optional<Result<Integer>> answered(Asking asking) throws InterruptedException {
    while (true) {
      try {
        return asking.value().map(Result.Value::new);
      } catch (TaskFailed failed) {
        return Optional.of(new Result.Failure<>(Graph.heard(failed)));
      } catch (Cycle cycle) {
        cycles.add(cycle.keys());
        return Optional.of(new Result.Cycle<>());
      } catch (Superseded again) {
        // A newer revision has come.
      }
    }
  }

  @Override
  public void edit(Map<Cell, Optional<Integer>> changes) throws InterruptedException {
    here.put(changes);
    Map<Cell, Optional<Integer>> told = new HashMap<>(changes);
    if (mutant == Mutant.UNTOLD_INPUT) {
      changes.keySet().stream().limit(1).forEach(told::remove);
    }
    here.tell(told);
  }

  @Override
  public void look(Map<Cell, Optional<Integer>> changes, Durability upTo)
      throws InterruptedException {
    here.put(changes);
    here.memo.verify(upTo);
  }

  @Override
  public void restart(Map<Cell, Optional<Integer>> changes) throws InterruptedException {
    here.put(changes);
    here.memo = here.open();
    Map<Cell, Optional<Integer>> all = new HashMap<>();
    here.inputs.forEach((cell, value) -> all.put(cell, Optional.of(value)));
    here.tell(all);
  }

  @Override
  public void change() {
    Checkout other = there;
    there = here;
    here = other;
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
  public List<List<Key<?>>> cycles() {
    return drained(cycles);
  }

  @Override
  public List<String> complaints() {
    Census census = here.memo.census();
    long most = scenario.budget() == 0 ? 0 : Math.min(scenario.budget(), census.values());
    boolean sweptInTurn = !scenario.isCrowded() && scenario.slots() == 1;
    if (census.weight() < 0 || (sweptInTurn && census.weight() > most)) {
      complaints.add("a budget of " + scenario.budget() + ", and there is " + census);
    }
    return drained(complaints);
  }

  private static <T> List<T> drained(Queue<T> queue) {
    List<T> list = new ArrayList<>();
    for (T next = queue.poll(); next != null; next = queue.poll()) {
      list.add(next);
    }
    return list;
  }

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
}

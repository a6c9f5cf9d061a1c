package dev.bricolage.memo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Trace;
import dev.bricolage.model.CorrectBuild;
import dev.bricolage.model.MinimalBuild;
import dev.bricolage.model.Result;
import dev.bricolage.model.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Plays a scenario on a subject and on the model, and compares. */
final class Duel {
  private final Scenario scenario;
  private final Rules rules;
  private final Subject subject;
  private final Tally tally;
  private Checkout here = new Checkout();
  private Checkout there = new Checkout();

  /** After this which tasks run is not determined by the model: values still are. */
  private boolean blurred;

  /** What the model knows of a checkout. */
  private static final class Checkout {
    State<Cell, Integer> state = State.empty();

    /** Whether its process has asked anything yet. */
    boolean asked;
  }

  private Duel(Scenario scenario, Subject subject, Tally tally) {
    this.scenario = scenario;
    this.rules = new Rules(scenario.graph());
    this.subject = subject;
    this.tally = tally;
  }

  /** Throws an {@link AssertionError} where the two differ. */
  static void play(Scenario scenario, Subject.Maker maker, Tally tally) throws Exception {
    Duel duel = new Duel(scenario, maker.make(scenario), tally);
    for (int i = 0; i < scenario.turns().size(); i++) {
      duel.turn("turn " + i, scenario.turns().get(i));
      assertEquals(List.of(), duel.subject.complaints(), "turn " + i);
    }
    tally.scenarios.increment();
  }

  private void turn(String where, Turn turn) throws Exception {
    switch (turn) {
      case Turn.Edit edit -> edit(edit.values());
      case Turn.Look look -> {
        subject.look(look.values(), look.upTo());
        here.state = here.state.edit(look.values());
      }
      case Turn.Restart restart -> {
        subject.restart(restart.values());
        here.state = here.state.edit(restart.values()).restart();
        here.asked = false;
      }
      case Turn.Switch change -> change();
      case Turn.Ask ask -> ask(where, ask);
      case Turn.Fresh fresh -> fresh(where, fresh.cell());
      case Turn.Recall recall -> recall(where, recall.cell());
      case Turn.Cancel cancel -> cancel(where, cancel);
      case Turn.Race race -> race(where, race);
    }
  }

  private void edit(Map<Cell, Optional<Integer>> values) throws InterruptedException {
    Map<Cell, Optional<Integer>> allowed = new HashMap<>(values);
    if (here.asked) {
      allowed.keySet().removeIf(cell -> cell.durability() == Durability.FIXED);
    }
    subject.edit(allowed);
    here.state = here.state.edit(allowed);
  }

  private void change() {
    subject.change();
    Checkout other = there;
    there = here;
    here = other;
    here.state = here.state.over(there.state.traces());
  }

  private void ask(String where, Turn.Ask ask) throws Exception {
    here.asked = true;
    if (ask.askers() == 1) {
      for (Cell cell : ask.cells()) {
        ask(where + ", " + cell, cell);
      }
      return;
    }
    tally.asked.add(ask.cells().size());
    MinimalBuild<Cell, Integer> minimal = MinimalBuild.of(rules, here.state, ask.cells());
    together(
        ask.askers(),
        ask.cells(),
        cell -> compareResult(where, cell, minimal.result(cell), subject.ask(cell)));
    compareRuns(where, minimal, ask.cells(), ask.askers());
    here.state = minimal.after();
  }

  private void ask(String where, Cell cell) throws InterruptedException {
    tally.asked.increment();
    MinimalBuild<Cell, Integer> minimal = MinimalBuild.of(rules, here.state, List.of(cell));
    compareResult(where, cell, minimal.result(cell), subject.ask(cell));
    compareRuns(where, minimal, List.of(cell), 1);
    here.state = minimal.after();
  }

  private void fresh(String where, Cell cell) throws InterruptedException {
    here.asked = true;
    tally.fresh.increment();
    MinimalBuild<Cell, Integer> minimal = MinimalBuild.fresh(rules, here.state, cell);
    compareResult(where, cell, minimal.result(cell), subject.fresh(cell));
    compareRuns(where, minimal, List.of(cell), 1);
    here.state = minimal.after();
  }

  /**
   * What is known without running its own task is so if and only if asking would not run it; to
   * find that out it may do no more than asking would, so that both together do as much.
   */
  private void recall(String where, Cell cell) throws InterruptedException {
    here.asked = true;
    Set<Cell> ran = MinimalBuild.of(rules, here.state, List.of(cell)).ran();
    Optional<Result<Integer>> got = subject.recall(cell);
    got.ifPresent(result -> compareResult(where, cell, right().result(cell), result));
    if (isExact() && !isBlurring(reached(List.of(cell)), 1)) {
      assertEquals(!ran.contains(cell), got.isPresent(), () -> at(where + ", remembered", cell));
      tally.asIs.add(got.isPresent() ? 1 : 0);
    }
    ask(where + ", recalled and asked, " + cell, cell);
  }

  private void compareResult(
      String where, Cell cell, Result<Integer> expected, Result<Integer> got) {
    if (!rules.same(cell, expected, got)) {
      assertEquals(expected, got, () -> at(where, cell));
    }
  }

  private CorrectBuild<Cell, Integer> right() {
    return CorrectBuild.of(rules, here.state.inputs());
  }

  private void compareRuns(
      String where, MinimalBuild<Cell, Integer> minimal, List<Cell> cells, int askers) {
    List<Cell> list = new ArrayList<>(subject.ran());
    Set<Cell> recalled = new HashSet<>(subject.recalled());
    Set<Cell> ran = new HashSet<>(list);
    Set<Cell> reached = reached(cells);
    subject.cycles().forEach(this::checkCycle);
    blurred |= isBlurring(reached, askers);
    assertTrue(
        reached.containsAll(ran),
        () -> where + ": ran what nobody asks: " + without(ran, reached) + story(cells));
    tally.ran.add(ran.size());
    if (!isExact()) {
      assertTrue(
          blurred || ran.containsAll(minimal.ran()),
          () -> where + ": must run: " + without(minimal.ran(), ran) + story(cells));
      return;
    }
    assertEquals(names(minimal.ran()), names(ran), () -> where + ": tasks that ran" + story(cells));
    if (askers > 1 || where.contains("recalled and asked")) {
      // What is not remembered runs for each who asks.
      list.removeIf(cell -> !minimal.after().memory().containsKey(cell));
    }
    assertEquals(Set.copyOf(list).size(), list.size(), () -> where + ": ran twice: " + list);
    assertEquals(
        names(recalledInOrder(minimal.recalled())),
        names(recalledInOrder(recalled)),
        () -> where + ": recalled" + story(cells));
    tally.exact.increment();
    tally.recalled.add(recalled.size());
    tally.spared.add(reached.size() - ran.size());
  }

  /** Whether the very tasks are to run that the model names; if not, at least those. */
  private boolean isExact() {
    return !blurred && scenario.budget() == 0 && subject.minimal();
  }

  /** What runs beside a cycle is chance, if anything runs beside something else at all. */
  private boolean isBlurring(Set<Cell> reached, int askers) {
    CorrectBuild<Cell, Integer> right = right();
    return (askers > 1 || scenario.slots() > 1)
        && reached.stream().anyMatch(cell -> right.result(cell) instanceof Result.Cycle);
  }

  /** Each asks the next, and the last the first. */
  private void checkCycle(List<Key<?>> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      Key<?> next = cycle.get((i + 1) % cycle.size());
      List<List<Cell>> groups = right().run((Cell) cycle.get(i)).groups();
      assertTrue(
          groups.stream().anyMatch(group -> group.contains(next)),
          () -> cycle + " is no cycle" + story(cycle.stream().map(Cell.class::cast).toList()));
    }
    tally.cycles.increment();
  }

  /**
   * Without those that ask facts in any order: recalling one looks at more than its task asks, and
   * all that was looked at is remembered as asked, so it may be recalled again where it stands.
   */
  private static Set<Cell> recalledInOrder(Set<Cell> recalled) {
    return recalled.stream()
        .filter(cell -> cell instanceof Cell.Kept kept && kept.order() == Trace.Order.ASKED)
        .collect(Collectors.toSet());
  }

  /** What a clean build would look at. */
  private Set<Cell> reached(Collection<Cell> cells) {
    CorrectBuild<Cell, Integer> right = right();
    Set<Cell> reached = new HashSet<>();
    List<Cell> next = new ArrayList<>(cells);
    while (!next.isEmpty()) {
      Cell cell = next.removeLast();
      if (reached.add(cell)) {
        right.run(cell).groups().forEach(next::addAll);
      }
    }
    return reached;
  }

  @SuppressWarnings("ThreadPriorityCheck") // whenever it comes, it must be right
  private void cancel(String where, Turn.Cancel cancel) throws Exception {
    here.asked = true;
    blurred = true;
    MinimalBuild<Cell, Integer> minimal = MinimalBuild.of(rules, here.state, cancel.cells());
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<?>> askers =
        start(
            threads,
            cancel.askers(),
            cancel.cells(),
            cell -> {
              try {
                compareResult(where, cell, minimal.result(cell), subject.ask(cell));
              } catch (InterruptedException wanted) {
                tally.cancelled.increment();
              }
            });
    for (int i = scenario.graph().tasks().size() % 8; i > 0; i--) {
      Thread.yield();
    }
    threads.shutdownNow();
    threads.close();
    for (Future<?> asker : askers) {
      await(asker);
    }
    forget();
  }

  private void race(String where, Turn.Race race) throws Exception {
    here.asked = true;
    blurred = true;
    List<State<Cell, Integer>> states = new ArrayList<>(List.of(here.state));
    race.edits().forEach(edit -> states.add(states.getLast().edit(edit.values())));
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Askable asker =
        cell -> {
          int from = ended.get();
          Result<Integer> got = subject.ask(cell);
          int to = begun.get();
          boolean right =
              states.subList(from, to + 1).stream()
                  .map(now -> CorrectBuild.of(rules, now.inputs()).result(cell))
                  .anyMatch(result -> rules.same(cell, result, got));
          assertTrue(right, () -> where + ": " + got + " is right in none of " + from + ".." + to);
        };
    try (ExecutorService editor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> edits =
          editor.submit(() -> {
            for (Turn.Edit edit : race.edits()) {
              begun.incrementAndGet();
              subject.edit(edit.values());
              ended.incrementAndGet();
            }
            return Optional.empty();
          });
      together(race.askers(), race.cells(), asker);
      edits.get();
    }
    here.state = states.getLast();
    forget();
    tally.races.increment();
  }

  /** What happened meanwhile does not count. */
  private void forget() {
    subject.ran();
    subject.recalled();
    subject.cycles();
  }

  /** What each of several askers does with a cell. */
  private interface Askable {
    void ask(Cell cell) throws Exception;
  }

  /** Each asker asks all cells, in an order of its own. */
  private void together(int askers, List<Cell> cells, Askable asker) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> future : start(threads, askers, cells, asker)) {
        await(future);
      }
    }
  }

  private List<Future<?>> start(
      ExecutorService threads, int askers, List<Cell> cells, Askable asker) {
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < askers; i++) {
      List<Cell> order = new ArrayList<>(cells);
      Collections.shuffle(order, new Random(scenario.seed() + i));
      futures.add(
          threads.submit(() -> {
            for (Cell cell : order) {
              asker.ask(cell);
            }
            return Optional.empty();
          }));
    }
    return futures;
  }

  private static void await(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError different) {
        throw different;
      }
      fail("an asker failed", e.getCause());
    }
  }

  private String at(String where, Cell cell) {
    return where + ": " + cell + story(List.of(cell));
  }

  /** What is right now, and what was known, for whoever has to find out. */
  private String story(Collection<Cell> cells) {
    CorrectBuild<Cell, Integer> right = right();
    State<Cell, Integer> state = here.state;
    List<String> lines = new ArrayList<>();
    lines.add("\nright now, in revision " + state.revision() + ":");
    reached(cells).stream()
        .sorted((a, b) -> Integer.compare(a.id(), b.id()))
        .forEach(cell -> {
          lines.add("  " + cell + " is " + right.run(cell));
          Optional.ofNullable(state.memory().get(cell)).ifPresent(was -> lines.add("    " + was));
        });
    return String.join("\n", lines);
  }

  private static Set<String> without(Set<Cell> cells, Set<Cell> others) {
    Set<Cell> left = new HashSet<>(cells);
    left.removeAll(others);
    return names(left);
  }

  private static Set<String> names(Set<Cell> cells) {
    return cells.stream().map(Cell::name).collect(Collectors.toCollection(TreeSet::new));
  }
}

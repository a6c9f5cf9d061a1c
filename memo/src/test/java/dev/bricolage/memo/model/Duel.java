package dev.bricolage.memo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bricolage.memo.Trace;
import dev.bricolage.model.CorrectBuild;
import dev.bricolage.model.MinimalBuild;
import dev.bricolage.model.Result;
import dev.bricolage.model.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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
  private State<Cell, Integer> state = State.empty();

  /** After this which tasks run is not determined by the model: values still are. */
  private boolean blurred;

  private Duel(Scenario scenario, Subject subject, Tally tally) {
    this.scenario = scenario;
    this.rules = new Rules(scenario.graph());
    this.subject = subject;
    this.tally = tally;
  }

  /** Throws an {@link AssertionError} where the two differ. */
  static void play(Scenario scenario, Subject.Maker maker, Tally tally) throws Exception {
    try (Subject subject = maker.make(scenario)) {
      Duel duel = new Duel(scenario, subject, tally);
      for (int i = 0; i < scenario.turns().size(); i++) {
        duel.turn("turn " + i, scenario.turns().get(i));
        assertEquals(List.of(), subject.complaints(), "turn " + i);
      }
    }
    tally.scenarios.increment();
  }

  private void turn(String where, Turn turn) throws Exception {
    switch (turn) {
      case Turn.Edit edit -> {
        subject.edit(edit.values());
        state = state.edit(edit.values());
      }
      case Turn.Look look -> {
        subject.look(look.values(), look.upTo());
        state = state.edit(look.values());
      }
      case Turn.Restart restart -> {
        subject.restart();
        state = state.restart();
      }
      case Turn.Ask ask -> ask(where, ask);
      case Turn.Race race -> race(where, race);
    }
  }

  private void ask(String where, Turn.Ask ask) throws Exception {
    tally.asked.add(ask.cells().size());
    if (ask.askers() > 1) {
      MinimalBuild<Cell, Integer> minimal = MinimalBuild.of(rules, state, ask.cells());
      together(
          ask.askers(),
          ask.cells(),
          cell ->
              assertEquals(minimal.results().get(cell), subject.ask(cell), () -> at(where, cell)));
      compareRuns(where, minimal, ask);
      state = minimal.after();
      return;
    }
    for (Cell cell : ask.cells()) {
      MinimalBuild<Cell, Integer> minimal = MinimalBuild.of(rules, state, List.of(cell));
      assertEquals(minimal.results().get(cell), subject.ask(cell), () -> at(where, cell));
      compareRuns(where + ", " + cell, minimal, new Turn.Ask(List.of(cell), 1));
      state = minimal.after();
    }
  }

  private void compareRuns(String where, MinimalBuild<Cell, Integer> minimal, Turn.Ask ask) {
    List<Cell> list = new ArrayList<>(subject.ran());
    Set<Cell> recalled = new HashSet<>(subject.recalled());
    Set<Cell> ran = new HashSet<>(list);
    Set<Cell> reached = reached(ask.cells());
    CorrectBuild<Cell, Integer> right = CorrectBuild.of(rules, state.inputs());
    boolean cyclic = reached.stream().anyMatch(c -> right.result(c) instanceof Result.Cycle);
    blurred |= cyclic && (ask.askers() > 1 || scenario.slots() > 1);
    assertTrue(
        reached.containsAll(ran),
        () ->
            where + ": ran what nobody asks: " + names(without(ran, reached)) + story(ask.cells()));
    tally.ran.add(ran.size());
    if (blurred) {
      return;
    }
    if (scenario.budget() > 0 || !subject.minimal()) {
      assertTrue(
          ran.containsAll(minimal.ran()),
          () -> where + ": must run: " + names(without(minimal.ran(), ran)) + story(ask.cells()));
      return;
    }
    assertEquals(
        names(minimal.ran()), names(ran), () -> where + ": tasks that ran" + story(ask.cells()));
    if (ask.askers() > 1) {
      // What is not remembered runs for each who asks.
      list.removeIf(cell -> !minimal.after().memory().containsKey(cell));
    }
    assertEquals(Set.copyOf(list).size(), list.size(), () -> where + ": ran twice: " + list);
    assertEquals(
        names(recalledInOrder(minimal.recalled())),
        names(recalledInOrder(recalled)),
        () -> where + ": recalled" + story(ask.cells()));
    tally.exact.increment();
    tally.recalled.add(recalled.size());
    tally.spared.add(reached.size() - ran.size());
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
  private Set<Cell> reached(List<Cell> cells) {
    CorrectBuild<Cell, Integer> right = CorrectBuild.of(rules, state.inputs());
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

  private void race(String where, Turn.Race race) throws Exception {
    blurred = true;
    List<State<Cell, Integer>> states = new ArrayList<>(List.of(state));
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
                  .anyMatch(got::equals);
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
    state = states.getLast();
    subject.ran();
    subject.recalled();
    tally.races.increment();
  }

  /** What each of several askers does with a cell. */
  private interface Askable {
    void ask(Cell cell) throws Exception;
  }

  /** Each asker asks all cells, in an order of its own. */
  private void together(int askers, List<Cell> cells, Askable asker) throws Exception {
    List<Future<?>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
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
      for (Future<?> future : futures) {
        await(future);
      }
    }
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
  private String story(List<Cell> cells) {
    CorrectBuild<Cell, Integer> right = CorrectBuild.of(rules, state.inputs());
    return reached(cells).stream()
        .sorted((a, b) -> Integer.compare(a.id(), b.id()))
        .map(cell ->
            "  "
                + cell
                + " is "
                + right.run(cell)
                + Optional.ofNullable(state.memory().get(cell)).map(m -> ", was " + m).orElse(""))
        .collect(
            Collectors.joining("\n", "\nright now (revision " + state.revision() + "):\n", ""));
  }

  private static Set<Cell> without(Set<Cell> cells, Set<Cell> others) {
    Set<Cell> left = new HashSet<>(cells);
    left.removeAll(others);
    return left;
  }

  private static Set<String> names(Set<Cell> cells) {
    return cells.stream().map(Cell::name).collect(Collectors.toCollection(TreeSet::new));
  }
}

package dev.bricolage.memo.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Leaves out of a scenario what is not needed to see what is wrong. */
record Shrinking(Predicate<Scenario> wrong) {
  /** The least that is still wrong. */
  Scenario least(Scenario scenario) {
    Scenario least = scenario;
    Optional<Scenario> smaller = smaller(least);
    while (smaller.isPresent()) {
      least = smaller.get();
      smaller = smaller(least);
    }
    return least;
  }

  private Optional<Scenario> smaller(Scenario scenario) {
    int last = scenario.turns().size() - 1;
    return IntStream.rangeClosed(0, last)
        .map(i -> last - i)
        .boxed()
        .flatMap(i -> without(scenario.turns(), i))
        .map(scenario::with)
        .filter(wrong)
        .findFirst();
  }

  /** Without this turn, or with less of it. */
  private static Stream<List<Turn>> without(List<Turn> turns, int index) {
    Stream<List<Turn>> less =
        less(turns.get(index))
            .map(turn -> {
              List<Turn> with = new ArrayList<>(turns);
              with.set(index, turn);
              return with;
            });
    return Stream.concat(Stream.of(removed(turns, index)), less);
  }

  private static Stream<Turn> less(Turn turn) {
    return switch (turn) {
      case Turn.Ask ask -> less(ask.cells()).map(cells -> new Turn.Ask(cells, ask.askers()));
      case Turn.Edit edit -> less(edit.values()).map(Turn.Edit::new);
      case Turn.Look look -> less(look.values()).map(values -> new Turn.Look(values, look.upTo()));
      case Turn.Restart restart -> less(restart.values()).map(Turn.Restart::new);
      case Turn.Race race ->
          less(race.cells()).map(cells -> new Turn.Race(cells, race.askers(), race.edits()));
      case Turn.Cancel cancel ->
          less(cancel.cells()).map(cells -> new Turn.Cancel(cells, cancel.askers()));
      case Turn.Fresh fresh -> Stream.empty();
      case Turn.Recall recall -> Stream.empty();
      case Turn.Switch change -> Stream.empty();
    };
  }

  private static Stream<List<Cell>> less(List<Cell> cells) {
    return cells.size() < 2
        ? Stream.empty()
        : IntStream.range(0, cells.size()).mapToObj(i -> removed(cells, i));
  }

  private static Stream<Map<Cell, Optional<Integer>>> less(Map<Cell, Optional<Integer>> values) {
    return values.keySet().stream()
        .map(cell -> {
          Map<Cell, Optional<Integer>> fewer = new HashMap<>(values);
          fewer.remove(cell);
          return fewer;
        });
  }

  private static <T> List<T> removed(List<T> list, int index) {
    List<T> rest = new ArrayList<>(list);
    rest.remove(index);
    return rest;
  }
}

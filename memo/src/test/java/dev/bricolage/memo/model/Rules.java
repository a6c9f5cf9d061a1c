package dev.bricolage.memo.model;

import dev.bricolage.model.Program;
import dev.bricolage.model.Result;
import dev.bricolage.model.Run;
import dev.bricolage.model.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A {@link Graph} as the model reads it. */
record Rules(Graph graph) implements Program<Cell, Integer> {
  @Override
  public Optional<Task<Cell, Integer>> task(Cell cell) {
    return Optional.ofNullable(graph.recipes().get(cell))
        .map(recipe -> task(cell, recipe, recipe.start()));
  }

  @Override
  public Result<Integer> missing(Cell input) {
    return new Result.Failure<>(
        input
            + " failed: "
            + input
            + " is an input that was never set: set it in an edit, or give its key a task");
  }

  @Override
  public boolean remembers(Cell cell, Result<Integer> result) {
    return switch (result) {
      case Result.Failure<Integer> failure -> cell.keepsFailures();
      case Result.Value<Integer>(Integer value) -> !graph.forgets(cell, value);
      case Result.Cycle<Integer> cycle -> false;
    };
  }

  @Override
  public boolean records(Cell cell, Run<Cell, Integer> run) {
    return cell instanceof Cell.Kept
        && run.asked().stream().flatMap(List::stream).allMatch(Rules::hasText);
  }

  /** A failure is written as what it says, so it needs no codec. */
  private static boolean hasText(Run.Answer<Cell, Integer> answer) {
    return answer.result() instanceof Result.Failure || answer.key().traits().codec();
  }

  @Override
  public boolean same(Cell cell, Result<Integer> before, Result<Integer> now) {
    return heard(cell, before).equals(heard(cell, now));
  }

  private static Object heard(Cell cell, Result<Integer> result) {
    return result instanceof Result.Value<Integer>(Integer value) ? cell.heard(value) : result;
  }

  private static Task<Cell, Integer> task(Cell cell, Recipe recipe, Recipe.Point point) {
    return switch (recipe.next(point)) {
      case Recipe.Give give -> new Task.Gives<>(new Result.Value<>(give.value()));
      case Recipe.Fail fail -> failed(cell, fail.text());
      case Recipe.Ask ask -> asks(cell, recipe, point, ask);
    };
  }

  private static Task<Cell, Integer> asks(
      Cell cell, Recipe recipe, Recipe.Point point, Recipe.Ask ask) {
    return new Task.Asks<>(
        ask.cells(),
        results -> {
          Optional<String> failure = firstFailure(results);
          if (failure.isPresent() && !ask.catches()) {
            return failed(cell, failure.get());
          }
          List<?> heard =
              failure.isPresent() ? List.of(failure.get()) : values(ask.cells(), results);
          return task(cell, recipe, recipe.after(point, heard));
        });
  }

  private static Task<Cell, Integer> failed(Cell cell, String cause) {
    return new Task.Gives<>(new Result.Failure<>(cell + " failed: " + cause));
  }

  private static Optional<String> firstFailure(List<Result<Integer>> results) {
    return results.stream()
        .filter(Result.Failure.class::isInstance)
        .map(result -> ((Result.Failure<Integer>) result).text())
        .findFirst();
  }

  private static List<Integer> values(List<Cell> cells, List<Result<Integer>> results) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> cells.get(i).heard(((Result.Value<Integer>) results.get(i)).value()))
        .toList();
  }
}

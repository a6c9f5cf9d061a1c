package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Plays scenarios with seeds in a row until one gives a wrong answer. */
public final class Fuzzer {
  /** A long run tells how far it is, every so many turns. */
  private static final int PROGRESS = 1_000;

  /** Begins the line of a finding that is no wrong answer but no answer. */
  public static final String FAILED = "the fuzzer or what it tests failed: ";

  private final Game game;
  private long told;

  /** Plays this. */
  public Fuzzer(Game game) {
    this.game = game;
  }

  /**
   * A wrong answer.
   *
   * @param scenario up to the turn that went wrong, which is its last
   * @param lines what was wrong with it
   */
  public record Finding(Scenario scenario, List<String> lines) {}

  /** What was played so far. */
  public Tally tally() {
    return game.tally();
  }

  /** Plays scenarios from {@code seed} on, two at a time, for this many turns in all. */
  public Optional<Finding> play(long seed, int turns) throws InterruptedException {
    AtomicBoolean found = new AtomicBoolean();
    List<Future<Optional<Finding>>> futures = new ArrayList<>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      long next = seed;
      for (int left = turns; left > 0; left -= game.length()) {
        Scenario scenario = game.scenario(next++, Math.min(game.length(), left));
        futures.add(
            workers.submit(() -> {
              Optional<Finding> finding = play(scenario, found::get);
              finding.ifPresent(f -> found.set(true));
              return finding;
            }));
      }
    }
    for (Future<Optional<Finding>> future : futures) {
      Optional<Finding> finding = result(future);
      if (finding.isPresent()) {
        return finding;
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> result(Future<Optional<Finding>> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the fuzzer itself failed", e.getCause());
    }
  }

  /** Plays one scenario in a world of its own. */
  public Optional<Finding> play(Scenario scenario) throws IOException, InterruptedException {
    return play(scenario, () -> false);
  }

  /** The same, and not to its end when another has found something. */
  private Optional<Finding> play(Scenario scenario, BooleanSupplier enough)
      throws IOException, InterruptedException {
    if (enough.getAsBoolean()) {
      return Optional.empty();
    }
    try (Playground world = game.open(scenario)) {
      List<Turn> turns = scenario.turns();
      for (int i = 0; i < turns.size() && !enough.getAsBoolean(); i++) {
        List<String> lines;
        try {
          lines = world.play(turns.get(i));
        } catch (IOException | RuntimeException e) {
          lines = List.of(FAILED + trace(e));
        }
        if (!lines.isEmpty()) {
          return Optional.of(new Finding(scenario.withTurns(turns.subList(0, i + 1)), lines));
        }
      }
      tell();
      return Optional.empty();
    }
  }

  private synchronized void tell() {
    if (tally().turns() - told >= PROGRESS) {
      told = tally().turns();
      System.out.println("fuzz: " + tally());
    }
  }

  private static String trace(Throwable e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  /** A finding for people: what to do again, and what came of it. */
  public String told(Finding finding) {
    Scenario scenario = finding.scenario();
    StringBuilder text = new StringBuilder();
    text.append(
        "a wrong answer in the scenario of seed %d; again: %s\n"
            .formatted(scenario.seed(), game.again(scenario.seed())));
    text.append("marked by ").append(scenario.marking()).append('\n');
    scenario.start().forEach(edit -> text.append("  first ").append(shown(edit)).append('\n'));
    scenario.hostStart().forEach(edit -> text.append("  host ").append(shown(edit)).append('\n'));
    for (Turn turn : scenario.turns()) {
      turn.edits().forEach(edit -> text.append("  edit ").append(shown(edit)).append('\n'));
      turn.hostEdits().forEach(edit -> text.append("  host ").append(shown(edit)).append('\n'));
      text.append(
          "  run in %d/%s %s %s\n"
              .formatted(
                  turn.workspace(), turn.directory(), turn.variables(), turn.program().kind()));
      turn.program().lines().forEach(line -> text.append("      ").append(line).append('\n'));
    }
    finding.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static String shown(Edit edit) {
    String text = edit.toString().replace("\n", "\\n");
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}

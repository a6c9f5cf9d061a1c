package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Random tasks in random worlds, against {@link Oracle}; a failure names its seed. */
final class ChainFuzzTest {
  private static final int SEEDS = 1_000;
  private static final int STEPS = 60;

  private final Map<String, Integer> tally = new TreeMap<>();

  /** One seed's worlds, tasks and memory, played step by step. */
  private static final class Stage {
    private final Random random;
    private final int subjects;
    private final World world = new World();
    private final Shelf shelf = new Shelf();
    private final Oracle oracle = new Oracle();
    private TraceMemory memo = new TraceMemory(shelf);

    Stage(long seed) {
      random = new Random(seed);
      subjects = 2 + random.nextInt(7);
    }

    void edit() {
      for (int i = random.nextInt(3); i >= 0; i--) {
        world.set("s" + random.nextInt(subjects), "a" + random.nextInt(3));
      }
      if (random.nextInt(10) == 0) {
        memo = new TraceMemory(shelf);
      }
    }

    /** One of two tasks; each may be several functions, so that it is none. */
    Task task(int functions) {
      Question key = new Question("run", "key" + random.nextInt(2));
      return new Task(key, random.nextInt(functions), subjects);
    }

    /** Few values, so that often the same one comes again. */
    Trace run(Task task) {
      return task.run(world, "v" + random.nextInt(3), random);
    }

    Recall recall(Question key, UnaryOperator<View> eyes) throws Exception {
      return memo.recall(key, Trace.Order.ASKED, eyes.apply(world));
    }
  }

  @Test
  void ofFunctionsWhatALinearScanFindsIsFound() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      play(seed, UnaryOperator.identity(), UnaryOperator.identity());
    }
    System.out.println("chain fuzz: " + tally);
    for (String outcome : List.of("Fits", "Differs", "FirstTime", "replaced")) {
      assertTrue(tally.getOrDefault(outcome, 0) > 500, tally.toString());
    }
  }

  private void play(long seed, UnaryOperator<Trace> recorder, UnaryOperator<View> eyes)
      throws Exception {
    Stage stage = new Stage(seed);
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + " step " + step;
      stage.edit();
      Task task = stage.task(1);
      stage.world.asked = 0;
      Recall recall = stage.recall(task.key(), eyes);
      check(where, stage, task, recall);
      if (!(recall instanceof Recall.Fits) || stage.random.nextInt(3) == 0) {
        Trace trace = stage.run(task);
        Optional<String> expected = stage.oracle.record(trace);
        tally.merge(expected.isPresent() ? "replaced" : "recorded", 1, Integer::sum);
        assertEquals(expected, stage.memo.record(recorder.apply(trace)), where);
      }
    }
  }

  private void check(String where, Stage stage, Task task, Recall recall) {
    tally.merge(recall.getClass().getSimpleName(), 1, Integer::sum);
    Set<String> fitting = stage.oracle.fitting(task.key(), stage.world);
    Set<Step> would = new HashSet<>(task.run(stage.world, "", new Random(0)).steps());
    assertTrue(stage.world.asked <= would.size(), where + ": asked what the task would not");
    switch (recall) {
      case Recall.Fits fits -> {
        assertTrue(fitting.contains(fits.value()), where + ": " + fits + " of " + fitting);
        assertEquals(would.size(), fits.questions(), where);
      }
      case Recall.FirstTime none -> assertFalse(stage.oracle.knows(task.key()), where);
      case Recall.Differs differs -> {
        assertEquals(Set.of(), fitting, where);
        checkDifferences(where, stage, task, differs, would);
      }
      case Recall.Lost lost -> throw new AssertionError(where + ": traces have no lost values");
    }
  }

  private static void checkDifferences(
      String where, Stage stage, Task task, Recall.Differs differs, Set<Step> would) {
    for (Recall.Difference told : differs.differences()) {
      assertTrue(
          would.contains(new Step(told.question(), told.now())), where + ": made up: " + told);
    }
    Set<Recall.Difference> all = new HashSet<>(differs.differences());
    boolean real =
        stage.oracle.against(task.key(), stage.world).stream().anyMatch(a -> a.containsAll(all));
    assertTrue(real, where + ": " + all + " is against no trace");
  }

  /** A recorder that drops the last question of a run: then too much would fit. */
  @Test
  void canaryARecorderThatForgetsAStepIsCaught() {
    assertThrows(AssertionError.class, () -> playAll(ChainFuzzTest::forgetful, v -> v));
  }

  @Test
  void canaryAViewThatMissesAChangeIsCaught() {
    UnaryOperator<View> blind =
        view ->
            questions ->
                view.answers(questions).stream()
                    .map(answer -> answer.equals("a1") ? "a0" : answer)
                    .toList();
    assertThrows(AssertionError.class, () -> playAll(t -> t, blind));
  }

  private void playAll(UnaryOperator<Trace> recorder, UnaryOperator<View> eyes) throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      play(seed, recorder, eyes);
    }
  }

  private static Trace forgetful(Trace trace) {
    List<List<Step>> groups = new ArrayList<>(trace.groups());
    groups.removeIf(List::isEmpty);
    if (!groups.isEmpty()) {
      groups.removeLast();
    }
    return new Trace(trace.key(), trace.order(), groups, trace.value());
  }

  /** Whatever a task does: a value is one of those that a run with all these answers gave. */
  @Test
  void ofTasksThatAreNoFunctionsOnlyWhatFitsIsFound() throws Exception {
    int hits = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Stage stage = new Stage(seed);
      for (int step = 0; step < STEPS; step++) {
        String where = "seed " + seed + " step " + step;
        stage.edit();
        Task task = stage.task(3);
        hits += isAllowed(where, stage, task.key()) ? 1 : 0;
        Trace trace = stage.run(task);
        stage.oracle.record(trace);
        stage.memo.record(trace);
        int asked = Set.copyOf(trace.steps()).size();
        assertEquals(
            new Recall.Fits(trace.value(), asked), stage.recall(task.key(), v -> v), where);
      }
    }
    assertTrue(hits > 5_000, "only " + hits + " hits");
  }

  /** Damaged rows give a miss or a right value, and recording again heals them. */
  @Test
  void damageIsAMissAndNeverAWrongValue() throws Exception {
    int hits = 0;
    int misses = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Stage stage = new Stage(seed);
      Damage damage = new Damage(stage.shelf, seed);
      for (int step = 0; step < STEPS; step++) {
        String where = "seed " + seed + " step " + step;
        stage.edit();
        Task task = stage.task(2);
        if (step > 20) {
          damage.some();
        }
        if (isAllowed(where, stage, task.key())) {
          hits++;
        } else {
          misses++;
        }
        if (step <= 20 || stage.random.nextInt(3) == 0) {
          Trace trace = stage.run(task);
          stage.oracle.record(trace);
          stage.memo.record(trace);
          assertTrue(isAllowed(where, stage, task.key()), where + ": not healed");
        }
      }
    }
    System.out.println("chain damage: " + hits + " hits, " + misses + " misses");
    assertTrue(hits > 5_000 && misses > 5_000, hits + " hits, " + misses + " misses");
  }

  private record Damage(Shelf shelf, SplittableRandom random) {
    Damage(Shelf shelf, long seed) {
      this(shelf, new SplittableRandom(seed));
    }

    void some() {
      for (int i = random.nextInt(4); i > 0; i--) {
        shelf.damage(random);
      }
    }
  }

  /** Whether there was a value; if so, it is one that a run with all these answers ever gave. */
  private static boolean isAllowed(String where, Stage stage, Question key) throws Exception {
    Recall recall = stage.recall(key, v -> v);
    if (!(recall instanceof Recall.Fits fits)) {
      return false;
    }
    Set<String> allowed = stage.oracle.everFitting(key, stage.world);
    assertTrue(allowed.contains(fits.value()), where + ": " + fits + " of " + allowed);
    return true;
  }
}

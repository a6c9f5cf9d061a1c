package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.engine.Stage.Actor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Cycles that no thread sees whole. Each is found by the one whose wait would close it. */
@ParameterizedClass(name = "virtual threads: {0}")
@ValueSource(booleans = {false, true})
final class CycleRacesTest {
  private final Stage stage;
  private final Sheet sheet = new Sheet();
  private final Memo memo;

  CycleRacesTest(boolean virtual) {
    stage = new Stage(virtual);
    memo = Memo.builder().tasks(sheet).slots(4).listener(stage).open();
  }

  private Actor<Integer> asks(String name) {
    return stage.actor(() -> memo.get(cell(name)));
  }

  /** A task that first waits until the others have begun too. */
  private void together(String name, List<String> others, String next) {
    sheet.task(
        name,
        fetch -> {
          stage.raise(name + " has begun");
          for (String other : others) {
            stage.await(other + " has begun");
          }
          return fetch.fetch(cell(next)) + 1;
        });
  }

  private static void isNamed(String name, Actor<?> actor) {
    assertEquals(name, actor.fails(Cycle.class).getMessage());
  }

  /**
   * <pre>
   * first   get(a) ── a runs ── fetch(b) ── waits for second ──┐
   *                                                            ├─ whoever comes last sees it
   * second  get(b) ── b runs ── fetch(a) ── waits for first ───┘
   * </pre>
   */
  @Test
  void acrossTwoThreads() {
    together("a", List.of("b"), "b");
    together("b", List.of("a"), "a");
    Actor<Integer> first = asks("a");
    Actor<Integer> second = asks("b");
    isNamed("cycle: a → b → a", first);
    isNamed("cycle: a → b → a", second);
  }

  /**
   * <pre>
   * first   get(a) ── fetch(b) ──┐
   * second  get(b) ── fetch(c) ──┼── each waits for the next, the last one closes the circle
   * third   get(c) ── fetch(a) ──┘
   * </pre>
   */
  @Test
  void acrossThreeThreads() {
    together("a", List.of("b", "c"), "b");
    together("b", List.of("a", "c"), "c");
    together("c", List.of("a", "b"), "a");
    List<Actor<Integer>> actors = Stream.of("a", "b", "c").map(this::asks).toList();
    actors.forEach(actor -> isNamed("cycle: a → b → c → a", actor));
  }

  /**
   * The cycle goes through what a helper does.
   *
   * <pre>
   * asker    get(p) ── p: fetchAll(x, y) ── x runs ───────── x waits for y
   *                              │                              ▲ │
   * helper                       └───────── y runs ── y asks p ─┘ ▼
   * </pre>
   */
  @Test
  void throughAHelper() {
    sheet.task("p", fetch -> both(fetch, "x", "y"));
    together("x", List.of("y"), "y");
    together("y", List.of("x"), "p");
    // y waits for p, which waits for y, be it by way of x or not
    String found = asks("p").fails(Cycle.class).getMessage();
    assertEquals(true, List.of("cycle: p → y → p", "cycle: p → x → y → p").contains(found), found);
  }

  /**
   * Nothing is circular until the one who shared the work out begins to wait for it.
   *
   * <pre>
   * asker    get(p) ── p: fetchAll(x, y) ── x runs ───────────────── x ends ── waits for y: closed
   *                              │                                     ▲
   * helper                       └───────── y runs ── y waits for p ───┘ (the signal)
   * </pre>
   */
  @Test
  void closedByWhoSharedOut() {
    sheet.task("p", fetch -> both(fetch, "x", "y"));
    sheet.task(
        "x",
        fetch -> {
          stage.await("somebody waits for p");
          return 1;
        });
    sheet.task(
        "y",
        fetch -> {
          try {
            return fetch.fetch(cell("p"));
          } catch (Cycle atOnce) { // the helper took x, and the asker y
            stage.raise("somebody waits for p");
            throw atOnce;
          }
        });
    isNamed("cycle: p → y → p", asks("p"));
  }

  /**
   * Two askers share out, and what the one's helper does waits for the other.
   *
   * <pre>
   * first    get(p) ── fetchAll(x, y) ── x ends ──────────── waits for y
   * helper                └── y: asks q ── waits for second    ▲
   * second   get(q) ── fetchAll(v, w) ── v ends ─────────────┐ │
   * helper                └── w: asks p ── waits for first ──┴─┘
   * </pre>
   */
  @Test
  void throughTheHelpersOfTwo() {
    sheet.task("p", fetch -> both(fetch, "x", "y")).task("q", fetch -> both(fetch, "v", "w"));
    for (String name : List.of("x", "v")) {
      sheet.task(
          name,
          fetch -> {
            stage.raise(name + " has begun");
            stage.await("y has begun");
            stage.await("w has begun");
            return 1;
          });
    }
    together("y", List.of("w"), "q");
    together("w", List.of("y"), "p");
    Actor<Integer> first = asks("p");
    Actor<Integer> second = asks("q");
    isNamed("cycle: p → y → q → w → p", first);
    isNamed("cycle: p → y → q → w → p", second);
  }

  /**
   * Two wait for each other, but one of them is cancelled in time: no cycle for the other.
   *
   * <pre>
   * first   get(a) ── a runs ── fetch(b) ── waits ── interrupted
   * second  get(b) ── b runs ─────────────────────── go ── fetch(a) ── a runs ── b is asked: 1
   * </pre>
   */
  @Test
  void whoIsGoneClosesNothing() throws Exception {
    sheet.let("a", at -> stage.isUp("go") ? 1 : at.at("b"));
    sheet.task(
        "b",
        fetch -> {
          stage.raise("b has begun");
          stage.await("go");
          return fetch.fetch(cell("a")) + 1;
        });
    Actor<Integer> second = asks("b");
    stage.await("b has begun");
    Actor<Integer> first = asks("a");
    stage.await("somebody waits for b");
    first.interrupt();
    first.fails(InterruptedException.class);
    stage.raise("go");
    assertEquals(2, second.gives());
  }

  /**
   * A long circle of helpers: each level's own asker is busy until a helper has begun the next one.
   *
   * <pre>
   * c0: fetchAll(d0, c1)    d0 waits until c1 has begun, so a helper takes c1
   *       helper  c1: fetchAll(d1, c2)
   *                 helper  c2: ...          cN asks c0
   * </pre>
   */
  @Test
  void acrossTenThousandHelpers() throws Exception {
    int length = 10_000;
    for (int i = 0; i < length; i++) {
      int at = i;
      sheet.task(
          "c" + i,
          fetch -> {
            stage.raise("c" + at + " has begun");
            return both(fetch, "d" + at, "c" + (at + 1));
          });
      sheet.task(
          "d" + i,
          fetch -> {
            stage.await("c" + (at + 1) + " has begun");
            return 1;
          });
    }
    sheet.task(
        "c" + length,
        fetch -> {
          stage.raise("c" + length + " has begun");
          return fetch.fetch(cell("c0"));
        });
    Cycle cycle = asks("c0").fails(Cycle.class);
    List<String> names = IntStream.rangeClosed(0, length).mapToObj(i -> "c" + i).toList();
    assertEquals(names, cycle.keys().stream().map(Object::toString).toList());
  }

  private static int both(Fetch fetch, String one, String other) throws InterruptedException {
    return fetch.fetchAll(List.of(cell(one), cell(other))).stream().mapToInt(i -> i).sum();
  }
}

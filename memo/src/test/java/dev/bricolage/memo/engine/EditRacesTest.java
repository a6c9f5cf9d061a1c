package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Superseded;
import dev.bricolage.memo.ViewKey;
import dev.bricolage.memo.engine.Stage.Actor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits that come while others ask: nobody's cooperation is needed, and nothing old is left. */
@ParameterizedClass(name = "virtual threads: {0}")
@ValueSource(booleans = {false, true})
final class EditRacesTest {
  private final Stage stage;
  private final Sheet sheet = new Sheet();
  private final Map<String, String> world = new ConcurrentHashMap<>();
  private final Memo memo;

  EditRacesTest(boolean virtual) {
    stage = new Stage(virtual);
    memo = Memo.builder().tasks(sheet).slots(2).view(this::answers).listener(stage).open();
  }

  /** What somebody outside says. */
  record Said(String by) implements ViewKey<Integer> {
    @Override
    public Question question() {
      return new Question("said", by);
    }

    @Override
    public Integer parse(String answer) {
      return Integer.valueOf(answer);
    }

    @Override
    public String answer(Integer value) {
      return value.toString();
    }

    @Override
    public String toString() {
      return "said by " + by;
    }
  }

  /** Looks, and the first time that it is slow it thinks before it tells. */
  private List<String> answers(List<Question> questions) throws InterruptedException {
    List<String> seen = questions.stream().map(q -> world.getOrDefault(q.subject(), "?")).toList();
    if (stage.isUp("the view is slow") && !stage.isUp("the view thinks")) {
      stage.raise("the view thinks");
      stage.await("the view has thought");
    }
    return seen;
  }

  @BeforeEach
  void first() throws Exception {
    set("in", 1);
  }

  private long set(String name, int value) throws InterruptedException {
    return memo.edit(edit -> edit.set(cell(name), value));
  }

  private Actor<Integer> asks(String name) {
    return stage.actor(() -> memo.get(cell(name)));
  }

  private int count(String signal) {
    return Collections.frequency(stage.raised(), signal);
  }

  /** A task that asks for "in", and ends when it is let go or interrupted. */
  private void slow(String name) {
    sheet.task(
        name,
        fetch -> {
          int in = fetch.fetch(cell("in"));
          stage.raise(name + " has asked");
          stage.await("go");
          return in * 10;
        });
  }

  /** As that, but it hears nothing until it is let go. */
  private void deaf(String name) {
    sheet.task(
        name,
        fetch -> {
          int in = fetch.fetch(cell("in"));
          stage.raise(name + " has asked");
          if (in == 1) {
            stage.awaitDeafly("go");
            stage.raise(name + " was let go");
          }
          return in * 10;
        });
  }

  /**
   * <pre>
   * asker   get(a) ── a asks in: 1 ──┬── interrupted ── Superseded      get(a): 20
   * editor                           └── in = 2 ── done
   * </pre>
   */
  @Test
  void anEditEndsARun() throws Exception {
    slow("a");
    Actor<Integer> asker = asks("a");
    stage.await("a has asked");
    assertEquals(3, set("in", 2));
    assertEquals("superseded by revision 3", asker.fails(Superseded.class).getMessage());
    assertTrue(stage.isUp("a is cancelled"));
    stage.raise("go");
    assertEquals(20, memo.get(cell("a")));
    assertEquals(2, count("a runs"));
  }

  /**
   * An edit of something that the run has not asked ends it too: it could still ask it, and would
   * then have seen two revisions.
   *
   * <pre>
   * asker   get(a) ── a runs ──┬── Superseded
   * editor                     └── other = 2
   * </pre>
   */
  @Test
  void anEditOfSomethingElseEndsItToo() throws Exception {
    slow("a");
    Actor<Integer> asker = asks("a");
    stage.await("a has asked");
    set("other", 2);
    asker.fails(Superseded.class);
  }

  /**
   * <pre>
   * asker   get(a) ── a runs ─── go ── 10
   * editor             └── in = 1: as it was
   * </pre>
   */
  @Test
  void anEditThatChangesNothingEndsNothing() throws Exception {
    slow("a");
    Actor<Integer> asker = asks("a");
    stage.await("a has asked");
    assertEquals(2, set("in", 1));
    stage.raise("go");
    assertEquals(10, asker.gives());
  }

  /**
   * <pre>
   * asker   get(a) ── a asks in: 1, deaf ─┬─────────────────────────── go ── 10, dropped: Superseded
   * editor                                └── in = 2 ── done            ▲
   * other                                       get(a) ── a runs ── 20 ─┘  get(a): 20
   * </pre>
   */
  @Test
  void theDeafDelayNoEditAndWhatTheyGiveIsDropped() throws Exception {
    deaf("a");
    sheet.let("top", at -> at.at("a") + 1);
    Actor<Integer> asker = asks("top");
    stage.await("a has asked");
    set("in", 2);
    assertEquals(20, memo.get(cell("a")));
    assertFalse(asker.isDone());
    stage.raise("go");
    asker.fails(Superseded.class);
    assertTrue(stage.isUp("a was let go"));
    assertEquals(20, memo.get(cell("a")));
    assertEquals(21, memo.get(cell("top")));
    assertEquals(2, count("a runs"));
  }

  /**
   * Somebody waits for what an edit ends: he is superseded too, and does not take over.
   *
   * <pre>
   * first   get(a) ── a runs ──────────────┬── Superseded
   * second      get(top) ── waits for a ───┼── Superseded
   * editor                                 └── in = 2
   * </pre>
   */
  @Test
  void whoWaitsIsSupersededToo() throws Exception {
    slow("a");
    sheet.let("top", at -> at.at("a") + 1);
    Actor<Integer> first = asks("a");
    stage.await("a has asked");
    Actor<Integer> second = asks("top");
    stage.await("somebody waits for a");
    set("in", 2);
    first.fails(Superseded.class);
    second.fails(Superseded.class);
    assertEquals(1, count("a runs"));
  }

  /**
   * c is looked into, for which b has to run; an edit meanwhile.
   *
   * <pre>
   * asker   get(c) ── c: does it stand? ── b runs ──┬── Superseded
   * editor                                          └── other = 2
   * test                                                  get(c) ── b runs, the same ── c stands
   * </pre>
   */
  @Test
  void anEditWhileANodeIsVerified() throws Exception {
    sheet.task(
        "b",
        fetch -> {
          int in = fetch.fetch(cell("in"));
          if (in == 2) {
            stage.raise("b looks again");
            stage.await("go");
          }
          return in > 0 ? 1 : 0;
        });
    sheet.let("c", at -> at.at("b") + at.at("other"));
    set("other", 1);
    assertEquals(2, memo.get(cell("c")));
    set("in", 2);
    Actor<Integer> asker = asks("c");
    stage.await("b looks again");
    assertEquals(1, count("c runs"));
    set("other", 5);
    asker.fails(Superseded.class);
    stage.raise("go");
    assertEquals(6, memo.get(cell("c")));
    set("in", 3);
    assertEquals(6, memo.get(cell("c")));
    assertEquals(2, count("c runs"));
  }

  /**
   * <pre>
   * first   edit: a = 2 ─── (inside) ──────────────── done: revision 3
   * second          edit: a = 3 ── waits its turn ────── done: revision 4
   * asker   get(a) and get(b) at the end: 3, 30
   * </pre>
   */
  @Test
  void twoEditsAtOnceAreTwoRevisions() throws Exception {
    sheet.let("b", at -> at.at("in") * 10);
    Actor<Long> first =
        stage.actor(() ->
            memo.edit(edit -> {
              stage.raise("first is inside");
              stage.awaitDeafly("go on");
              edit.set(cell("in"), 2);
            }));
    stage.await("first is inside");
    Actor<Long> second = stage.actor(() -> set("in", 3));
    assertEquals(10, memo.get(cell("b"))); // nobody waits for an edit that thinks
    stage.raise("go on");
    assertEquals(3, first.gives());
    assertEquals(4, second.gives());
    assertEquals(30, memo.get(cell("b")));
  }

  /**
   * Who is interrupted while he waits for another's edit edits nothing.
   *
   * <pre>
   * first   edit ── (inside) ─────────────────────────── done
   * second      edit ── waits its turn ── interrupted
   * </pre>
   */
  @Test
  void anEditThatWaitsCanBeInterrupted() throws Exception {
    Actor<Long> first =
        stage.actor(() ->
            memo.edit(edit -> {
              stage.raise("first is inside");
              stage.awaitDeafly("go on");
            }));
    stage.await("first is inside");
    Actor<Long> second = stage.actor(() -> set("in", 3));
    second.interrupt();
    second.fails(InterruptedException.class);
    stage.raise("go on");
    assertEquals(2, first.gives());
    assertEquals(1, memo.get(cell("in")));
  }

  /**
   * A watcher tells of a change while somebody verifies: both look, one after the other.
   *
   * <pre>
   * verifier  verify ── the view sees 2 ── thinks ────────── revision 3
   * watcher               edit: changed ── waits its turn ────── the view sees 2 ── as it is
   * </pre>
   */
  @Test
  void verifyBesideChanged() throws Exception {
    world.put("ann", "1");
    sheet.task("b", fetch -> fetch.fetch(new Said("ann")) * 10);
    assertEquals(10, memo.get(cell("b")));
    world.put("ann", "2"); // nobody tells
    assertEquals(10, memo.get(cell("b")));
    stage.raise("the view is slow");
    Actor<Long> verifies = stage.actor(() -> memo.verify(Durability.LOW));
    stage.await("the view thinks");
    Actor<Long> watches = stage.actor(() -> memo.edit(edit -> edit.changed(new Said("ann"))));
    stage.raise("the view has thought");
    assertEquals(3, verifies.gives());
    assertEquals(3, watches.gives());
    assertEquals(20, memo.get(cell("b")));
    assertEquals(2, count("b runs"));
  }

  /**
   * The world changes while it is looked at for the first time. Who tells of it ends that look,
   * which was too early.
   *
   * <pre>
   * asker    get(b) ── the view sees 1 ── thinks ──────────────┬── Superseded     get(b): 20
   * watcher                              the world is 2: changed ── the view sees 2
   * </pre>
   */
  @Test
  void aLookThatMayBeTooEarlyIsNotBelieved() throws Exception {
    world.put("ann", "1");
    sheet.task("b", fetch -> fetch.fetch(new Said("ann")) * 10);
    stage.raise("the view is slow");
    Actor<Integer> asker = asks("b");
    stage.await("the view thinks");
    world.put("ann", "2");
    assertEquals(3, memo.edit(edit -> edit.changed(new Said("ann"))));
    asker.fails(Superseded.class);
    assertEquals(20, memo.get(cell("b")));
  }

  /**
   * The same for who verifies.
   *
   * <pre>
   * asker     get(b) ── the view sees 1 ── thinks ──────────────┬── Superseded
   * verifier                               the world is 2: verify ── the view sees 2
   * </pre>
   */
  @Test
  void aLookThatVerifyingFindsUnderWayIsNotBelieved() throws Exception {
    world.put("ann", "1");
    sheet.task("b", fetch -> fetch.fetch(new Said("ann")) * 10);
    stage.raise("the view is slow");
    Actor<Integer> asker = asks("b");
    stage.await("the view thinks");
    world.put("ann", "2");
    assertEquals(3, memo.verify(Durability.LOW));
    asker.fails(Superseded.class);
    assertEquals(20, memo.get(cell("b")));
  }
}

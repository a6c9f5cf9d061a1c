package dev.bricolage.toy.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Cycle;
import dev.bricolage.store.Store;
import dev.bricolage.toy.machine.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random programs under random edits: what the memo gives, with a store from process to process, is
 * what a compiler without one gives. One scenario again: {@code -Dtoy.seed=N}.
 */
final class EditsFuzzTest {
  private static final int SCENARIOS = 300;
  private static final int STEPS = 10;

  @Test
  void theMemoGivesWhatComputingGives() throws InterruptedException {
    long only = Long.getLong("toy.seed", -1);
    int[] ended = new int[3];
    for (long seed = Math.max(only, 0); seed < (only < 0 ? SCENARIOS : only + 1); seed++) {
      for (String outcome : new Scenario(seed).play()) {
        ended[List.of("Done", "Failed", "Cycle").indexOf(outcome)]++;
      }
    }
    if (only < 0) {
      for (int each : ended) {
        assertTrue(
            each > SCENARIOS,
            "programs of one kind are rare: " + List.of(ended[0], ended[1], ended[2]));
      }
    }
  }

  @Test
  void anEditThatIsNotToldIsFound() throws InterruptedException {
    for (long seed = 0; seed < 50; seed++) {
      Author author = new Author(seed);
      Desk desk = Desk.of(author.program());
      outcome(desk::compile);
      String file = author.file();
      desk.sources().put(file, author.edited(desk.sources().getOrDefault(file, "")));
      if (!plain(desk.sources()).equals(outcome(desk::compile))) {
        return;
      }
    }
    throw new AssertionError("50 programs were edited behind the memo's back, and all was well");
  }

  /** One program and what becomes of it, in several processes over one store. */
  private static final class Scenario {
    private final long seed;
    private final Author author;
    private final Store store = Store.memory();

    Scenario(long seed) {
      this.seed = seed;
      this.author = new Author(seed);
    }

    List<String> play() throws InterruptedException {
      Desk desk = Desk.over(store, author.program());
      List<String> kinds = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        String outcome = outcome(desk::compile);
        assertEquals(
            plain(desk.sources()),
            outcome,
            "-Dtoy.seed=" + seed + ", step " + step + ":\n" + desk.sources());
        kinds.add(outcome.replaceFirst("\\W(?s:.*)", ""));
        desk = next(desk);
      }
      return kinds;
    }

    private Desk next(Desk desk) throws InterruptedException {
      if (author.oneIn(4)) {
        return Desk.over(store, desk.sources());
      }
      String file = author.file();
      if (author.oneIn(10) && desk.sources().size() > 1) {
        desk.delete(file);
      } else {
        String text = desk.sources().get(file);
        desk.write(file, text == null ? author.text(file) : author.edited(text));
      }
      return desk;
    }
  }

  /** What compiles. */
  private interface Compiling {
    Build compile() throws InterruptedException;
  }

  private static String plain(Map<String, String> sources) throws InterruptedException {
    return outcome(() -> new Plain(sources).fetch(new Program(List.copyOf(sources.keySet()))));
  }

  /** Which of several cycles is told is chance. */
  private static String outcome(Compiling compiling) throws InterruptedException {
    try {
      return compiling.compile().toString();
    } catch (Cycle cycle) {
      return "Cycle";
    }
  }
}

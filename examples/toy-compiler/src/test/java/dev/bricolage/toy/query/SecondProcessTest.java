package dev.bricolage.toy.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.store.Store;
import dev.bricolage.toy.machine.Build;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each desk is a process and a checkout of its own; only the store on the disk is the same. */
final class SecondProcessTest {
  @TempDir private Path home = Path.of("");

  @Test
  void itStartsFromWhatTheFirstComputed() throws InterruptedException {
    Build first = compile(Sample.sources(), Sample.COLD);
    Build second = compile(Sample.sources(), "");
    assertEquals(first, second);
  }

  @Test
  void itRedoesWhatIsDifferentInItsCheckoutAndNoMore() throws InterruptedException {
    compile(Sample.sources(), Sample.COLD);
    compile(
        Sample.sources("a % b", "a - a / b * b"),
        "Check 1, Code 1, Items 1, Program 1, Scope 1, Signature 1, Slice 4, Syntax 1, Tokens 1");
    compile(Sample.sources("fun gcd", "# a comment\nfun gcd"), "Tokens 1");
    compile(Sample.sources(), "");
    compile(Sample.sources("a % b)", "a - a / b * b) # as before"), "Tokens 1");
  }

  @Test
  void mistakesAreRemembered() throws InterruptedException {
    Map<String, String> sources =
        Map.of("a.toy", "const zero = 0 const bad = 1 / zero const worse = bad + 1");
    List<String> problems = List.of("a.toy:1: bad divides by zero");
    try (Store store = open()) {
      Desk desk = Desk.over(store, sources);
      assertEquals(problems, Desk.problems(desk.compile(), sources));
    }
    try (Store store = open()) {
      Desk desk = Desk.over(store, sources);
      assertEquals(problems, Desk.problems(desk.compile(), sources));
      assertEquals(List.of(), desk.ran());
    }
  }

  @Test
  void aFailureFromTheStoreMeansWhatItMeant() throws InterruptedException {
    Map<String, String> sources = new TreeMap<>(Map.of("a.toy", "const bad = 1 / 0"));
    try (Store store = open()) {
      Desk desk = Desk.over(store, sources);
      assertThrows(TaskFailed.class, () -> desk.get(new Constant("a.toy", "bad")));
    }
    sources.put("b.toy", "import a const worse = bad + 1");
    try (Store store = open()) {
      Desk desk = Desk.over(store, sources);
      assertEquals(List.of("a.toy:1: bad divides by zero"), Desk.problems(desk.compile(), sources));
      assertTrue(!desk.ran().contains("Constant a.toy bad"), desk.ran().toString());
    }
  }

  @Test
  void cyclesAreNotRemembered() throws InterruptedException {
    Map<String, String> sources = Map.of("a.toy", "const x = y const y = x");
    for (int process = 0; process < 2; process++) {
      try (Store store = open()) {
        Desk desk = Desk.over(store, sources);
        assertThrows(Cycle.class, desk::compile);
      }
    }
    compile(
        Map.of("a.toy", "const x = y const y = 1"),
        "Check 2, Constant 2, Homes 1, Items 1, Program 1, Scope 1, Signature 1, Slice 2, Syntax 1,"
            + " Tokens 1");
  }

  /** A process from its start to its end. */
  private Build compile(Map<String, String> sources, String ran) throws InterruptedException {
    try (Store store = open()) {
      Desk desk = Desk.over(store, sources);
      Build build = assertInstanceOf(Build.Done.class, desk.compile());
      assertEquals(ran, desk.counts());
      assertEquals(
          List.of(),
          desk.events().stream()
              .filter(e -> e instanceof Event.StoreFailed || e instanceof Event.NotAFunction)
              .toList());
      return build;
    }
  }

  private Store open() {
    return Store.open(
        home.resolve("store"),
        warning -> {
          throw new AssertionError(warning);
        });
  }
}

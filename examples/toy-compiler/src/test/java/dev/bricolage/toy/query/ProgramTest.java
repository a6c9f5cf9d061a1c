package dev.bricolage.toy.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.machine.Machine;
import dev.bricolage.toy.syntax.Lexer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the queries give, whoever remembers them. */
final class ProgramTest {
  @Test
  void aProgramOfTwoFilesRuns() throws InterruptedException {
    Build.Done done =
        assertInstanceOf(
            Build.Done.class,
            compile(
                Map.of(
                    "main.toy",
                    "import math fun main(): int = half(limit)",
                    "math.toy",
                    "const limit = 2 * ten const ten = 10 " + "fun half(a: int): int = a / 2")));
    assertEquals(10, Machine.run(done.executable(), "main.main"));
    assertEquals(
        """
        main.main:
          push 20
          call math.half 1
          return
        math.half:
          argument 0
          push 2
          apply /
          return
        """,
        done.executable().listing());
  }

  @Test
  void problemsAreListedInTheOrderOfTheFiles() throws InterruptedException {
    assertEquals(
        List.of(
            "a.toy:1: nowhere.toy is not there",
            "a.toy:2: this must be int, not bool",
            "a.toy:4: a name must follow fun, not 1",
            "a.toy:5: zero divides by zero",
            "b.toy:1: g is not defined here, nor in an imported file",
            "b.toy:2: f is defined above already"),
        problems(
            Map.of(
                "a.toy",
                """
                import nowhere
                fun f(): int = true
                # and now
                fun 1
                const zero = 1 / none  const none = 0
                const of = zero + 1
                """,
                "b.toy",
                """
                fun f(): int = g()
                fun f(): bool = 1
                """)));
  }

  @Test
  void ofNamesTheNearestCounts() throws InterruptedException {
    Map<String, String> sources = new TreeMap<>();
    sources.put("a.toy", "import b import c fun main(): int = one + two + three");
    sources.put("b.toy", "import d const one = 1 const two = 2");
    sources.put("c.toy", "const one = 10 const three = 300");
    sources.put("d.toy", "const two = 20 const three = 3");
    assertEquals(6, run(sources));
    sources.put("b.toy", "import d const one = 1");
    assertEquals(24, run(sources));
  }

  private static long run(Map<String, String> sources) throws InterruptedException {
    Build.Done done = assertInstanceOf(Build.Done.class, compile(sources));
    return Machine.run(done.executable(), "a.main");
  }

  private static List<String> problems(Map<String, String> sources) throws InterruptedException {
    return assertInstanceOf(Build.Failed.class, compile(sources)).findings().stream()
        .map(found ->
            found.file()
                + ":"
                + Lexer.line(sources.getOrDefault(found.file(), ""), found.problem().at())
                + ": "
                + found.problem().message())
        .toList();
  }

  private static Build compile(Map<String, String> sources) throws InterruptedException {
    List<String> files = sources.keySet().stream().sorted().toList();
    return new Plain(sources).fetch(new Program(files));
  }
}

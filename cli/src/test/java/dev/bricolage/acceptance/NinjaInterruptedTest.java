package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bric ninja} that does not come to its end, beside ninja where ninja does as well. */
@Timeout(120)
final class NinjaInterruptedTest {
  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  /** Two edges, of which the second takes its time; {@code mark} is on its command line. */
  private static String slow(String mark) {
    return """
    rule quick
      command = touch $out
      description = MAKE $out
    rule slow
      command = sleep %s & sleep %s; touch $out
      description = MAKE $out
    build a: quick
    build b: slow a
    """
        .formatted(mark, mark);
  }

  private static final String FAST =
      """
      rule quick
        command = touch $out
        description = MAKE $out
      build a: quick
      build b: quick a
      """;

  private static void signal(Process process, String name) throws Exception {
    // It may have ended just before.
    Host.succeeds(Path.of("/"), "sh", "-c", "kill -" + name + " " + process.pid() + " || true");
  }

  private static void plainFinds(String expected, Checkout checkout) throws Exception {
    assertEquals(new Bric.Outcome(0, expected, ""), checkout.plainNinja("-n"));
  }

  private static List<String> names(Checkout checkout) throws Exception {
    try (Stream<Path> names = Files.list(checkout.root())) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(".ninja_deps"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalEndsItAsItEndsNinja(String signal) throws Exception {
    Checkout ours = bric.checkout().write("build.ninja", slow("901.25"));
    // A shell's background processes are deaf to SIGINT, and would outlive ninja.
    String alone = slow("902.25").replace("sleep 902.25 & ", "");
    Checkout theirs = bric.checkout().write("build.ninja", alone);
    Process our = ours.startNinja();
    Process their = theirs.startPlainNinja();
    assertTrue(Host.isUnderWay("901.25"));
    assertTrue(Host.isUnderWay("902.25"));
    signal(our, signal);
    signal(their, signal);
    Bric.Outcome expected =
        new Bric.Outcome(2, "[1/2] MAKE a\nninja: build stopped: interrupted by user.\n", "");
    assertEquals(expected, Bric.outcome(their));
    assertEquals(expected, Bric.outcome(our));
    assertTrue(Host.isRidOf("901.25"), "a process outlived the build");
    assertEquals(names(theirs), names(ours));
    plainFinds("[1/1] MAKE b\n", ours);
    ours.write("build.ninja", FAST);
    assertEquals(new Bric.Outcome(0, "[1/1] MAKE b\n", ""), ours.ninja());
    plainFinds("ninja: no work to do.\n", ours);
  }

  @Test
  void whoIsImpatientIsToldOnce() throws Exception {
    Checkout checkout = bric.checkout().write("build.ninja", slow("903.25"));
    Process process = checkout.startNinja();
    assertTrue(Host.isUnderWay("903.25"));
    signal(process, "INT");
    signal(process, "INT");
    assertEquals(
        new Bric.Outcome(2, "[1/2] MAKE a\nninja: build stopped: interrupted by user.\n", ""),
        Bric.outcome(process));
    assertTrue(Host.isRidOf("903.25"), "a process outlived the build");
    plainFinds("[1/1] MAKE b\n", checkout);
  }

  /** As when Ctrl-C reaches commands that are not in a sandbox. */
  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "KILL", "SEGV"})
  void aCommandThatDiesOfASignal(String signal) throws Exception {
    String manifest = "rule r\n  command = kill -" + signal + " $$$$\nbuild a: r\n";
    Checkout ours = bric.checkout().write("build.ninja", manifest);
    Checkout theirs = bric.checkout().write("build.ninja", manifest);
    assertEquals(Bric.outcome(theirs.startPlainNinja()), ours.ninja());
  }

  /** A chain below many edges: each is the copy of its number and what is below it. */
  private static String many(int edges) {
    StringBuilder text =
        new StringBuilder("rule r\n  command = sleep 0.02; cat $in > $out; echo $out >> $out\n");
    for (int i = 0; i < edges; i++) {
      text.append("build out" + i + ": r " + (i < 4 ? "source" : "out" + (i - 4)) + "\n");
    }
    return text.toString();
  }

  private static void isRight(Checkout checkout, int edges, String source) throws Exception {
    for (int i = 0; i < edges; i++) {
      String below = i < 4 ? source : checkout.read("out" + (i - 4));
      assertEquals(below + "out" + i + "\n", checkout.read("out" + i));
    }
    plainFinds("ninja: no work to do.\n", checkout);
  }

  @Test
  void interruptedAtAnyMoment() throws Exception {
    Random random = new Random(20261123);
    Checkout checkout = bric.checkout().write("build.ninja", many(24));
    for (int round = 0; round < 6; round++) {
      String source = "source " + round % 3 + "\n";
      checkout.write("source", source);
      Process process = checkout.startNinja("-j4");
      Thread.sleep(random.nextInt(400)); // the moment is meant to be anywhere
      signal(process, "INT");
      Bric.Outcome outcome = Bric.outcome(process);
      // Before the build has begun, it ends as any program does; so does ninja.
      assertTrue(List.of(0, 2, 130).contains(outcome.status()), outcome::toString);
      assertEquals("", outcome.stderr());
      assertEquals(0, checkout.ninja().status());
      isRight(checkout, 24, source);
    }
  }

  @Test
  void theDaemonIsKilled() throws Exception {
    Checkout checkout = bric.checkout().write("build.ninja", slow("905.25"));
    Process process = checkout.startNinja();
    assertTrue(Host.isUnderWay("905.25"));
    bric.kill();
    assertEquals(
        new Bric.Outcome(
            70,
            "[1/2] MAKE a\n",
            "bric: the daemon ended during this request; what had not ended is not remembered; its"
                + " log is "
                + bric.home().resolve("daemon.log")
                + "\n"),
        Bric.outcome(process));
    assertTrue(Host.isRidOf("905.25"), "a process outlived the daemon");
    checkout.write("build.ninja", FAST);
    assertEquals(new Bric.Outcome(0, "[1/1] MAKE b\n", ""), checkout.ninja());
    plainFinds("ninja: no work to do.\n", checkout);
  }

  @Test
  void theDaemonIsKilledAtAnyMoment() throws Exception {
    Random random = new Random(42);
    Checkout checkout = bric.checkout().write("build.ninja", many(16));
    for (int round = 0; round < 3; round++) {
      String source = "source " + round + "\n";
      checkout.write("source", source);
      assertEquals(0, bric.run("log").status()); // a daemon is up
      Process process = checkout.startNinja("-j4");
      Thread.sleep(random.nextInt(300)); // the moment is meant to be anywhere
      bric.kill();
      int status = Bric.outcome(process).status();
      assertTrue(status == 0 || status == 70, "status " + status);
      assertEquals(0, checkout.ninja().status());
      isRight(checkout, 16, source);
    }
  }

  @Test
  void twoAtOnce() throws Exception {
    Checkout checkout = bric.checkout().write("build.ninja", many(12)).write("source", "s\n");
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(checkout.startNinja("-j2"));
    }
    for (Process process : all) {
      Bric.Outcome outcome = Bric.outcome(process);
      assertEquals(0, outcome.status(), outcome::toString);
      assertEquals("", outcome.stderr());
    }
    isRight(checkout, 12, "s\n");
  }

  /** They share the command under way; it goes on for the other. */
  @Test
  void oneOfTwoIsInterrupted() throws Exception {
    String manifest = "rule r\n  command = sleep 1.5125; touch $out\nbuild a: r\n";
    Checkout checkout = bric.checkout().write("build.ninja", manifest);
    Process first = checkout.startNinja();
    Process second = checkout.startNinja();
    assertTrue(Host.isUnderWay("1.5125"));
    signal(first, "INT");
    assertEquals(2, Bric.outcome(first).status());
    Bric.Outcome outcome = Bric.outcome(second);
    assertEquals(0, outcome.status(), outcome::toString);
    plainFinds("ninja: no work to do.\n", checkout);
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.bricolage.cli.Bric;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands end, what they print, and what is told of them afterwards. */
@Timeout(60)
final class EndingsTest {
  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 77, 124, 255})
  void aFailurePassesItsStatusAndIsNotRemembered(int status) throws Exception {
    Checkout checkout = bric.checkout();
    String script = "echo text > out; echo told; exit " + status;
    checkout.run(script).exits(status).isNotRememberedFor("it failed").prints("told\n");
    assertEquals("text\n", checkout.read("out"));
    checkout.run(script).exits(status).ran("first time").prints("told\n");
    assertEquals(
        "sh -c " + script + "\n  ran: first time\n  and is not remembered: it failed\n",
        checkout.why());
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 9, 11, 15})
  void aSignalEndsWith128AndItsNumber(int signal) throws Exception {
    Checkout checkout = bric.checkout();
    String script = "kill -" + signal + " $$";
    checkout.run(script).exits(128 + signal).isNotRememberedFor("signal " + signal + " ended it");
    checkout.run(script).exits(128 + signal).ran("first time");
  }

  @Test
  void aCommandThatIsNotThere() throws Exception {
    Checkout checkout = bric.checkout();
    Answer answer = checkout.command("no-such-command", "x").exits(127);
    String message = "bric: cannot run no-such-command: no such command in the sandbox\n";
    assertTrue(answer.outcome().stderr().startsWith(message), answer::toString);
    answer.isNotRememberedFor("it failed");
    checkout.run("no-such-command").exits(127);
  }

  @Test
  void aCommandThatMayNotBeExecuted() throws Exception {
    Checkout checkout = bric.checkout().write("script", "#!/bin/sh\necho ran\n");
    checkout.command("./script").exits(126);
    checkout.mode("script", "rwxr-xr-x").command("./script").exits(0).prints("ran\n");
  }

  @Test
  void aTimeLimit() throws Exception {
    Checkout checkout = bric.checkout();
    Answer late = checkout.run(List.of("--timeout", "1s"), "echo on; sleep 987.125; echo off");
    late.exits(124).isNotRememberedFor("it ran longer than 1.0 s").prints("on\n");
    assertTrue(Host.isRidOf("987.125"));
    checkout.run(List.of("--timeout", "30s"), "echo fast").exits(0).ran("first time");
    checkout.run(List.of("--timeout", "30s"), "echo fast").isRemembered();
  }

  @Test
  void interruptedEveryProcessEnds() throws Exception {
    Checkout checkout = bric.checkout();
    Checkout.Going going = checkout.start("sleep 876.5 & echo on; sleep 876.5; echo off");
    assertEquals("on", going.line());
    going.signal("INT");
    Answer answer = going.answer();
    assertEquals(130, answer.outcome().status(), answer::toString);
    assertEquals("", answer.outcome().stdout());
    assertTrue(Host.isRidOf("876.5"), "a process outlived Ctrl-C");
    assertEquals(0, bric.count("remembered", List.of(checkout)));
  }

  @Test
  void theClientIsKilledAndEveryProcessEnds() throws Exception {
    Checkout.Going going = bric.checkout().start("echo on; sleep 765.5");
    assertEquals("on", going.line());
    going.signal("KILL");
    assertEquals(137, going.answer().outcome().status());
    assertTrue(Host.isRidOf("765.5"), "a process outlived its client");
  }

  @Test
  void bothStreamsAreWholeAndReplayedAsTheyWereShown() throws Exception {
    String script = "for i in $(seq 200); do echo out $i; echo err $i >&2; done";
    Checkout checkout = bric.checkout();
    // Two pipes tell no more of the order than when each was read; that is kept.
    String shown = merged(checkout, script);
    assertEquals(shown, merged(checkout, script));
    Answer again = checkout.run(List.of("-q"), script).isRemembered();
    assertEquals(lines("out"), again.outcome().stdout());
    assertEquals(lines("err"), again.outcome().stderr());
    assertEquals(400, shown.lines().count());
  }

  private static String lines(String stream) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 200; i++) {
      lines.append(stream).append(' ').append(i).append('\n');
    }
    return lines.toString();
  }

  @Test
  void theOrderOfBothStreams() throws Exception {
    String script = "for i in 1 2 3 4; do echo o$i; sleep 0.1; echo e$i >&2; sleep 0.1; done";
    Checkout checkout = bric.checkout();
    String shown = "o1\ne1\no2\ne2\no3\ne3\no4\ne4\n";
    assertEquals(shown, merged(checkout, script));
    assertEquals(shown, merged(checkout, script));
    assertEquals(1, bric.count("ran", List.of(checkout)));
  }

  /** Both streams into one pipe, as {@code 2>&1} does. */
  private static String merged(Checkout checkout, String script) throws Exception {
    String command = "cd \"$1\" && exec \"$BRIC\" run -q -e SCOPE=\"$3\" -- sh -c \"$2\" 2>&1";
    bric.bric().with("BRIC", bric.bric().program().toString());
    Process process =
        bric.bric()
            .start(
                List.of(
                    "bash",
                    "-c",
                    command,
                    "bash",
                    checkout.root().toString(),
                    script,
                    checkout.scope()));
    return Bric.outcome(process).stdout();
  }

  @Test
  void tenMegabytesOfOutput() throws Exception {
    String script = "seq 1000000; seq 500000 >&2";
    Checkout checkout = bric.checkout();
    Answer first = checkout.run(script).exits(0).ran("first time");
    assertEquals(6_888_896, first.outcome().stdout().length());
    Answer second = checkout.run(script).exits(0).isRemembered();
    assertTrue(first.outcome().stdout().equals(second.outcome().stdout()));
    assertTrue(second.outcome().stderr().startsWith("1\n2\n3\n"));
    assertTrue(second.outcome().stderr().contains("\n500000\nbric: remembered in "));
  }

  @Test
  void outputThatIsNotText() throws Exception {
    String script = "printf '\\000\\377\\n\\200'; printf '\\376' >&2";
    Checkout checkout = bric.checkout();
    checkout.run(script).prints("\0\u00ff\n\u0080");
    Answer again = checkout.run(script).isRemembered().prints("\0\u00ff\n\u0080");
    assertTrue(again.outcome().stderr().startsWith("\u00fe"));
  }

  @Test
  void quiet() throws Exception {
    Checkout checkout = bric.checkout();
    assertEquals(new Bric.Outcome(0, "x\n", ""), checkout.run(List.of("-q"), "echo x").outcome());
    assertEquals(
        new Bric.Outcome(0, "x\n", ""),
        checkout.run(List.of("-q"), "echo x").isRemembered().outcome());
  }

  @Test
  void theSummary() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1");
    String time = "([0-9]+ ms|[0-9]+[.][0-9] s)";
    isLike("bric: ran in " + time + ": first time, 2 written\n", checkout);
    isLike("bric: remembered in " + time + "(, saved " + time + ")?\n", checkout);
    checkout.write("a", "2");
    isLike("bric: ran in " + time + ": a is different, 1 written\n", checkout);
    checkout.delete("out").delete("b");
    isLike("bric: remembered in " + time + "(, saved " + time + ")?, 2 written\n", checkout);
  }

  private static void isLike(String pattern, Checkout checkout) throws Exception {
    Answer answer = checkout.run("cat a > out; echo > b");
    assertTrue(answer.outcome().stderr().matches(pattern), answer::toString);
  }

  @Test
  void theRecordsOfRuns() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    Answer first = checkout.run("cat a > out; rm a");
    JsonObject run = first.run();
    assertEquals(checkout.root().toString(), run.get("workspace").getAsString());
    assertEquals(checkout.root().toString(), run.get("directory").getAsString());
    assertEquals("[\"sh\",\"-c\",\"cat a > out; rm a\"]", run.get("command").toString());
    assertEquals(0, run.get("status").getAsInt());
    assertEquals(1, run.get("written").getAsInt());
    assertEquals(1, run.get("deleted").getAsInt());
    assertEquals("", run.get("forgotten").getAsString());
    assertTrue(run.get("questions").getAsInt() > 3, run::toString);

    String id = Long.toString(first.id());
    String shown = bric.run("log", "show", id).stdout();
    assertTrue(
        shown.startsWith(
            "run %s, %s\n  in       %s\n  answer   ran\n  status   0\n  time     %d ms, saved 0 ms\n"
                .formatted(
                    id,
                    run.get("time").getAsString(),
                    checkout.root(),
                    run.get("millis").getAsLong())),
        shown);
    assertTrue(shown.endsWith("sh -c cat a > out; rm a\n  ran: first time\n"), shown);
    String listed = bric.run("log").stdout();
    assertTrue(
        listed.startsWith(
            "    ID  WHEN              ANSWER      STATUS      TIME     SAVED  COMMAND\n"),
        listed);
    assertTrue(listed.contains("  sh -c cat a > out; rm a  (" + checkout.root() + ")\n"), listed);
    assertEquals(
        new Bric.Outcome(66, "", "bric: no run has the id 999999; 'bric log' lists them\n"),
        bric.run("log", "show", "999999"));
  }

  @Test
  void whyWhereNothingRan() throws Exception {
    Checkout checkout = bric.checkout();
    assertEquals(
        new Bric.Outcome(
            66,
            "",
            "bric: nothing has run in " + checkout.root() + " yet; 'bric log' lists all runs\n"),
        bric.run(checkout.root(), "why"));
  }
}

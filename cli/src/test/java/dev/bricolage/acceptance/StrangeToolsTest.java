package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tools that are no compilers as they should be: right in every case, and remembered if it can be.
 */
@Timeout(180)
final class StrangeToolsTest {
  private Installation bric;
  private Checkout checkout;
  private Checkout sdk;
  private int turn;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    sdk = bric.checkout();
    checkout = bric.checkout();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /** A tool of the user's own, which a script is, in a folder that is shown with --ro. */
  private Path tool(String name, String script) throws Exception {
    sdk.write(name, "#!/bin/sh\n" + script + "\n").mode(name, "rwxr-xr-x");
    Path tool = sdk.root().toRealPath().resolve(name);
    checkout.write("bric.toml", "[tools]\nadd = [\"" + tool + "\"]\n");
    Thread.sleep(30); // a file of the machine that is younger counts as changed during the run
    return tool;
  }

  /** Runs the script, which is another one each time, though it does the same. */
  private Answer run(String script) throws Exception {
    String ro = sdk.root().toRealPath().toString();
    return checkout.run(List.of("--ro", ro), script + "\n: " + turn++);
  }

  /** What became of the tools: their answers, with the reasons of those that are not kept. */
  private static List<String> tools(Answer answer) {
    return answer.run().getAsJsonArray("tools").asList().stream()
        .map(tool -> (JsonObject) tool)
        .map(tool ->
            tool.get("answer").getAsString()
                + tool.get("forgotten").getAsString().replaceFirst("^(?=.)", ": "))
        .toList();
  }

  @Test
  void aScriptIsATool() throws Exception {
    Path tool = tool("gen", "cat in; echo made > out; echo said; echo wrong >&2; exit 3");
    checkout.write("in", "1\n");
    String script = tool + " || echo $?";
    Answer first = run(script).exits(0).prints("1\nsaid\n3\n");
    assertEquals(List.of("ran"), tools(first));
    checkout.delete("out");
    Answer again = run(script).exits(0).prints("1\nsaid\n3\n");
    assertEquals(List.of("remembered"), tools(again));
    assertEquals("made\n", checkout.read("out"));
    assertTrue(again.outcome().stderr().contains("wrong\n"), again::toString);
    sdk.write("gen", "#!/bin/sh\ncat in\n");
    Thread.sleep(30);
    assertEquals(List.of("ran"), tools(run(script).exits(0).prints("1\n")));
  }

  @Test
  void aToolThatIsGoneIsNotFound() throws Exception {
    Path tool = tool("gen", "echo here");
    assertEquals(List.of("ran"), tools(run(tool + "").prints("here\n")));
    Files.delete(tool);
    Answer gone = run(tool + " 2> /dev/null; echo $?").prints("127\n");
    assertEquals(List.of(), tools(gone));
  }

  @Test
  void aToolThatLeavesAServerBehindIsNotRemembered() throws Exception {
    Path tool = tool("gen", "sleep 5 > /dev/null 2>&1 & echo started");
    List<String> told = List.of("ran: it left a process behind");
    assertEquals(told, tools(run(tool + "").prints("started\n")));
    assertEquals(told, tools(run(tool + "").prints("started\n")));
  }

  @Test
  void closedInputAndOutputsAreThereAsTheyWere() throws Exception {
    Path tool = tool("gen", "ls /proc/self/fd | tr '\\n' ' ' > seen; echo out; echo err >&2; :");
    run(tool + " <&- >&- 2>&-; cat seen").exits(0).prints("0 1 ");
    Path reader = tool("read", "cat");
    Answer answer = run("echo text | " + reader).prints("text\n");
    assertEquals(List.of("ran: it used inherited descriptors [0]"), tools(answer));
    assertEquals(tools(answer), tools(run("echo other | " + reader).prints("other\n")));
  }

  @Test
  void twoMegabytesOfWordsAreOneQuestion() throws Exception {
    Path tool = tool("gen", "echo $#");
    String words =
        "set -- $(i=0; while [ $i -lt 200 ]; do printf '%010000d ' $i; i=$((i + 1)); done)\n";
    assertEquals(List.of("ran"), tools(run(words + tool + " \"$@\"").prints("200\n")));
    assertEquals(List.of("remembered"), tools(run(words + tool + " \"$@\"").prints("200\n")));
  }

  @Test
  void aToolThatStopsItselfAndGoesOnIsRight() throws Exception {
    Path tool = tool("gen", "(sleep 0.2; kill -CONT $$) & kill -STOP $$; wait; echo done");
    run(tool + "").exits(0).prints("done\n");
  }

  @Test
  void namesOfItsOwnNumberDoNotKeepItFromMemory() throws Exception {
    Path tool = tool("gen", "echo 1 > out.$$.tmp; mv out.$$.tmp out; t=$(mktemp); rm $t");
    assertEquals(List.of("ran"), tools(run(tool + "").exits(0)));
    checkout.delete("out");
    Answer again = run("true; true; /bin/true; " + tool).exits(0);
    assertEquals(List.of("remembered"), tools(again));
    assertEquals("1\n", checkout.read("out"));
  }
}

package dev.bricolage.acceptance;

import static dev.bricolage.acceptance.OwnTools.tools;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  private OwnTools own;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    own = new OwnTools(bric);
    checkout = own.checkout();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  @Test
  void aScriptIsATool() throws Exception {
    Path tool = own.tool("gen", "cat in; echo made > out; echo said; echo wrong >&2; exit 3");
    checkout.write("in", "1\n");
    String script = tool + " || echo $?";
    Answer first = own.run(script).exits(0).prints("1\nsaid\n3\n");
    assertEquals(List.of("ran"), tools(first));
    checkout.delete("out");
    Answer again = own.run(script).exits(0).prints("1\nsaid\n3\n");
    assertEquals(List.of("remembered"), tools(again));
    assertEquals("made\n", checkout.read("out"));
    assertTrue(again.outcome().stderr().contains("wrong\n"), again::toString);
    own.write("gen", "cat in");
    assertEquals(List.of("ran"), tools(own.run(script).exits(0).prints("1\n")));
  }

  @Test
  void aToolThatIsGoneIsNotFound() throws Exception {
    Path tool = own.tool("gen", "echo here");
    assertEquals(List.of("ran"), tools(own.run(tool + "").prints("here\n")));
    Files.delete(tool);
    Answer gone = own.run(tool + " 2> /dev/null; echo $?").prints("127\n");
    assertEquals(List.of(), tools(gone));
  }

  @Test
  void aToolThatLeavesAServerBehindIsNotRemembered() throws Exception {
    Path tool = own.tool("gen", "sleep 5 > /dev/null 2>&1 & echo started");
    List<String> told = List.of("ran: it left a process behind");
    assertEquals(told, tools(own.run(tool + "").prints("started\n")));
    assertEquals(told, tools(own.run(tool + "").prints("started\n")));
  }

  @Test
  void closedInputAndOutputsAreThereAsTheyWere() throws Exception {
    Path tool =
        own.tool("gen", "ls /proc/self/fd | tr '\\n' ' ' > seen; echo out; echo err >&2; :");
    own.run(tool + " <&- >&- 2>&-; cat seen").exits(0).prints("0 1 ");
    Path reader = own.tool("read", "cat");
    Answer answer = own.run("echo text | " + reader).prints("text\n");
    assertEquals(List.of("ran: it used inherited descriptors [0]"), tools(answer));
    assertEquals(tools(answer), tools(own.run("echo other | " + reader).prints("other\n")));
  }

  @Test
  void twoMegabytesOfWordsAreOneQuestion() throws Exception {
    Path tool = own.tool("gen", "echo $#");
    String words =
        "set -- $(i=0; while [ $i -lt 200 ]; do printf '%010000d ' $i; i=$((i + 1)); done)\n";
    assertEquals(List.of("ran"), tools(own.run(words + tool + " \"$@\"").prints("200\n")));
    assertEquals(List.of("remembered"), tools(own.run(words + tool + " \"$@\"").prints("200\n")));
  }

  @Test
  void aToolThatStopsItselfAndGoesOnIsRight() throws Exception {
    Path tool = own.tool("gen", "(sleep 0.2; kill -CONT $$) & kill -STOP $$; wait; echo done");
    own.run(tool + "").exits(0).prints("done\n");
  }

  @Test
  void namesOfItsOwnNumberDoNotKeepItFromMemory() throws Exception {
    Path tool = own.tool("gen", "echo 1 > out.$$.tmp; mv out.$$.tmp out; t=$(mktemp); rm $t");
    assertEquals(List.of("ran"), tools(own.run(tool + "").exits(0)));
    checkout.delete("out");
    Answer again = own.run("true; true; /bin/true; " + tool).exits(0);
    assertEquals(List.of("remembered"), tools(again));
    assertEquals("1\n", checkout.read("out"));
  }
}

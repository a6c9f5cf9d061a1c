package dev.bricolage.acceptance;

import static dev.bricolage.acceptance.OwnTools.tools;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tools that end in ways of which their exit status does not tell, and what of it answers whom: a
 * process of theirs was killed, a limit was in their way, their words went to {@code /dev/null}.
 */
@Timeout(180)
final class ToolEndingsTest {
  private static final String KILLED = "ran: a signal ended a process of it";

  private Installation bric;
  private Checkout checkout;
  private OwnTools own;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    own = new OwnTools(bric);
    checkout = own.checkout().write("a.c", "#warning old\nint a;\n").write("bad.c", "int x\n");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /** Older kernels forget how a process ended that somebody else waited for. */
  private static void needsKernelThatTells() {
    String[] version = System.getProperty("os.version").split("[^0-9]+", 3);
    int number = 100 * Integer.parseInt(version[0]) + Integer.parseInt(version[1]);
    Assumptions.assumeTrue(number >= 615, "Linux 6.15");
  }

  /** Of a run with one tool. */
  private String one(String script) throws Exception {
    List<String> tools = tools(own.run(script));
    assertEquals(1, tools.size(), tools::toString);
    return tools.getFirst();
  }

  @Test
  void aToolWhoseChildWasKilledIsNotRememberedWhateverItSays() throws Exception {
    needsKernelThatTells();
    for (String end : List.of("exit 1", "exit 0")) {
      Path tool = own.tool("gen", "sh -c 'kill -9 $$; :'; echo made > out; " + end);
      for (String way : List.of("", " 2> /dev/null", " > /dev/null 2>&1")) {
        assertEquals(KILLED, one(tool + way));
        assertEquals(KILLED, one(tool + way));
      }
    }
  }

  @Test
  void whatFailsByItselfIsRemembered() throws Exception {
    needsKernelThatTells();
    Path tool = own.tool("gen", "sh -c 'exit 137'; echo Killed as by a signal >&2; exit 1");
    assertEquals("ran", one(tool + ""));
    assertEquals("remembered", one(tool + ""));
  }

  @Test
  void aFailureNobodyHearsOfIsRemembered() throws Exception {
    for (String way : List.of("2> /dev/null", "> /dev/null 2>&1")) {
      String script = "cc -c bad.c " + way;
      assertEquals("ran", one(script), way);
      assertEquals("remembered", one(script), way);
    }
    checkout.write("bad.c", "int x;\n");
    assertEquals("ran", one("cc -c bad.c 2> /dev/null"));
  }

  @Test
  void aFailureForLackOfRoomIsNotThoughNobodyHearsOfIt() throws Exception {
    Path tool = own.tool("gen", "echo 'write error: No space left on device' >&2; exit 1");
    String forgotten = "ran: it failed, and may have had no room";
    assertEquals(forgotten, one(tool + " 2> /dev/null"));
    assertEquals(forgotten, one(tool + " 2> /dev/null"));
  }

  @Test
  void whatNobodyHeardIsNotSilence() throws Exception {
    own.run("cc -c a.c 2> /dev/null; cc -E -P a.c > /dev/null 2>&1").exits(0).prints("");
    Answer heard = own.run("cc -c a.c; cc -E -P a.c 2> /dev/null").exits(0).prints("int a;\n");
    assertTrue(heard.outcome().stderr().contains("#warning old"), heard::toString);
  }

  @Test
  void noInputIsNoAnswerForSome() throws Exception {
    Path tool = own.tool("gen", "cat");
    List<String> used = List.of("ran: it used inherited descriptors [0]");
    assertEquals(used, tools(own.run(tool + " < /dev/null").prints("")));
    assertEquals(used, tools(own.run("echo text | " + tool).prints("text\n")));
    String macros =
        "cc -dM -E -x c - < /dev/null | grep -c 'define X ';"
            + " echo '#define X' | cc -dM -E -x c - | grep -c 'define X '";
    assertEquals(List.of("ran", "ran"), tools(own.run(macros)));
    Answer again = own.run(macros).prints("0\n1\n");
    assertEquals(List.of("remembered", "remembered"), tools(again));
  }

  /** A limit never lets a result through that was made without, nor one out that was made with. */
  @Test
  void aLimitIsPartOfTheQuestion() throws Exception {
    String compile = "cc -c a.c 2> /dev/null";
    for (String limit : List.of("-v 9000000", "-f 9000000", "-d 9000000", "-n 200", "-s 4096")) {
      String limited = "ulimit " + limit + "; " + compile;
      assertEquals("ran", one(limited), limit);
      assertEquals("remembered", one(limited), limit);
    }
    assertEquals("ran", one(compile));
    assertEquals("remembered", one("ulimit -c 0; " + compile));
    assertEquals("ran", one("ulimit -v 8000000; " + compile));
  }

  /** The tool does not know why it has no room, and says it in words that nobody knows. */
  @Test
  void whatALimitBreaksIsWholeWithoutIt() throws Exception {
    Path tool =
        own.tool("gen", "head -c 100000 /dev/zero > out || { echo Kein Platz >&2; exit 1; }");
    // SIGXFSZ ignored: the write fails with EFBIG, and nothing is killed.
    String limited = "trap '' XFSZ; ulimit -f 10; " + tool + " 2> /dev/null; echo $?";
    own.run(limited).prints("1\n");
    own.run(limited).prints("1\n");
    own.run(tool + " && wc -c < out").prints("100000\n");
    own.run(limited).prints("1\n");
  }

  @Test
  void aCompilerThatLacksMemoryIsNotRemembered() throws Exception {
    int failed = 0;
    for (int megabytes = 8; megabytes < 100; megabytes += 12) {
      String limited = "ulimit -v " + megabytes + "000; cc -c a.c 2> /dev/null; echo $?";
      String first = own.run(limited).outcome().stdout();
      assertEquals(first, own.run(limited).outcome().stdout());
      failed += first.equals("0\n") ? 0 : 1;
    }
    assertTrue(failed > 1, failed + " failed");
    own.run("cc -c a.c 2> /dev/null; echo $?").prints("0\n");
  }
}

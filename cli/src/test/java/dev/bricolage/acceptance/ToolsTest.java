package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The compilers inside a build that has to run are remembered one by one. */
@Timeout(180)
final class ToolsTest {
  private static final String MAKEFILE =
      """
      prog: a.o b.o
      \tcc -o prog a.o b.o
      a.o: a.c h.h
      \tcc -I. -c a.c
      b.o: b.c
      \tcc -I. -c b.c
      clean:
      \trm -f *.o prog
      """;

  private Installation bric;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout =
        bric.checkout()
            .write("Makefile", MAKEFILE)
            .write("h.h", "#define H 1\n")
            .write("a.c", "#include <h.h>\nint b(void);\nint main(void) { return b() - H; }\n")
            .write("b.c", "int b(void) { return 1; }\n");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /** Which tools ran, and how many were remembered. */
  private static String tools(Answer answer) {
    List<String> ran = new ArrayList<>();
    int remembered = 0;
    for (JsonElement element : answer.run().getAsJsonArray("tools")) {
      JsonObject tool = element.getAsJsonObject();
      if (tool.get("answer").getAsString().equals("remembered")) {
        remembered++;
        continue;
      }
      List<String> words = new ArrayList<>();
      tool.getAsJsonArray("command").forEach(word -> words.add(word.getAsString()));
      String forgotten = tool.get("forgotten").getAsString();
      ran.add(String.join(" ", words) + (forgotten.isEmpty() ? "" : " (" + forgotten + ")"));
    }
    return ran + " ran, " + remembered + " remembered";
  }

  private Answer make(String... goals) throws Exception {
    List<String> command = new ArrayList<>(List.of("make"));
    command.addAll(List.of(goals));
    return checkout.command(command.toArray(String[]::new)).exits(0);
  }

  @Test
  void anEditedFileIsCompiledAndLinkedAndNothingElse() throws Exception {
    assertEquals(
        "[cc -I. -c a.c, cc -I. -c b.c, cc -o prog a.o b.o] ran, 0 remembered", tools(make()));
    checkout.write("b.c", "int b(void) { return 2; }\n");
    assertEquals("[cc -I. -c b.c, cc -o prog a.o b.o] ran, 1 remembered", tools(make()));
    checkout.write("b.c", "int b(void) { return 1; }\n");
    make().isRemembered();
  }

  @Test
  void aCommentCompilesAndTheLinkIsCutOff() throws Exception {
    make();
    Map<String, String> built = new TreeMap<>(checkout.everything());
    checkout.write("h.h", "#define H 1 /* one */\n");
    assertEquals("[cc -I. -c a.c] ran, 2 remembered", tools(make()));
    built.remove("h.h");
    Map<String, String> now = new TreeMap<>(checkout.everything());
    now.remove("h.h");
    assertEquals(built, now);
  }

  @Test
  void aHeaderThatComesEarlierOnThePathIsSeen() throws Exception {
    checkout.write("Makefile", MAKEFILE.replace("-I.", "-Iearly -I.")).folder("early");
    make();
    checkout.write("early/h.h", "#define H 2\n");
    assertEquals("[cc -Iearly -I. -c a.c, cc -o prog a.o b.o] ran, 1 remembered", tools(make()));
  }

  @Test
  void anotherCommandSharesTheTools() throws Exception {
    make();
    checkout.delete("prog").delete("a.o").delete("b.o");
    assertEquals("[] ran, 6 remembered", tools(checkout.run("make && make clean && make -j8")));
  }

  @Test
  void aVariableOfTheCompilersIsPartOfTheQuestion() throws Exception {
    make();
    checkout.folder("other").write("other/h.h", "#define H 1\n");
    Answer answer = checkout.run(List.of("-e", "CPATH=other"), "make").exits(0);
    assertEquals(
        "[cc -I. -c a.c, cc -I. -c b.c, cc -o prog a.o b.o] ran, 0 remembered", tools(answer));
  }

  @Test
  void whatFailsIsRememberedAndFailsAgain() throws Exception {
    checkout.write("Makefile", "all:\n\t-cc -c bad.c\n\techo went on\n").write("bad.c", "int x\n");
    make();
    checkout.write("Makefile", "all:\n\t-cc -c bad.c\n\techo went on again\n");
    assertEquals("[] ran, 1 remembered", tools(make()));
  }

  @Test
  void aHeaderThatIsMissingIsRememberedUntilItIsThere() throws Exception {
    checkout.write("bad.c", "#include <late.h>\nint x;\n");
    String script = "cc -I. -c bad.c 2>&1 | tail -n 1; : ";
    assertEquals("[cc -I. -c bad.c] ran, 0 remembered", tools(checkout.run(script + 1)));
    assertEquals("[] ran, 1 remembered", tools(checkout.run(script + 2)));
    checkout.write("late.h", "");
    assertEquals("[cc -I. -c bad.c] ran, 0 remembered", tools(checkout.run(script + 3)));
  }

  @Test
  void aToolThatIsKilledIsNotRemembered() throws Exception {
    checkout.write("Makefile", "all:\n\t-sh -c 'ulimit -t 0; cc -c a.c'\n\techo on\n");
    make();
    checkout.write("Makefile", "all:\n\t-cc -I. -c a.c\n\techo on\n");
    assertEquals("[cc -I. -c a.c] ran, 0 remembered", tools(make()));
  }

  @Test
  void anArchiveThatIsAddedToIsRight() throws Exception {
    String archive =
        "cc -c b.c && ar rc lib.a b.o && cc -I. -c a.c && ar rc lib.a a.o && ar t lib.a";
    Answer first = checkout.run(archive).exits(0).prints("b.o\na.o\n");
    assertEquals(5, first.run().getAsJsonArray("tools").size());
    assertEquals("[] ran, 5 remembered", tools(checkout.run(archive + " # again").exits(0)));
  }

  @Test
  void aFileWithTwoNamesIsChangedUnderBoth() throws Exception {
    String linked = "cc -g -c b.c && ln b.o other.o && strip b.o && cmp b.o other.o";
    assertEquals(
        "[cc -g -c b.c, strip b.o (it changed /build/b.o, which has another name)] ran,"
            + " 0 remembered",
        tools(checkout.run(linked).exits(0)));
    assertEquals(
        "[strip b.o] ran, 1 remembered", tools(checkout.run("cc -g -c b.c && strip b.o").exits(0)));
    assertEquals("[strip b.o] ran, 1 remembered", tools(checkout.run(linked + " #").exits(0)));
  }

  @Test
  void aFolderThatBecomesALinkToItselfIsNoReasonToForget() throws Exception {
    checkout.folder("inc").write("inc/h.h", "#define H 1\n");
    String compile = "cc -Iinc -c -o a.o a.c; true";
    checkout.write("a.c", "#if __has_include(<h.h>)\n#include <h.h>\n#endif\n");
    checkout.run(compile).exits(0);
    checkout.delete("inc/h.h").delete("inc").link("inc", "inc");
    assertEquals("[cc -Iinc -c -o a.o a.c] ran, 0 remembered", tools(checkout.run(compile)));
  }
}

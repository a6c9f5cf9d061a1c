package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code bric.toml} says of the tools that are remembered one by one. */
@Timeout(180)
final class ToolListTest {
  private Installation bric;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout().write("in", "1");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /** Runs sort and expr below a shell; gives the tools among them, each with what became of it. */
  private List<String> tools() throws Exception {
    checkout.write("in", checkout.read("in") + "1"); // so that the shell runs
    return checkout
        .command("sh", "-c", "cat in; echo x | sort > out; expr 1 + 1")
        .exits(0)
        .run()
        .getAsJsonArray("tools")
        .asList()
        .stream()
        .map(tool -> tool.getAsJsonObject())
        .map(tool ->
            tool.getAsJsonArray("command").get(0).getAsString()
                + " "
                + tool.get("answer").getAsString()
                + tool.get("forgotten").getAsString().replaceFirst("^(?=.)", ": "))
        .toList();
  }

  @Test
  void anAddedToolIsRememberedUntilItIsRemoved() throws Exception {
    assertEquals(List.of(), tools());
    checkout.write("bric.toml", "[tools]\nadd = [\"expr\"]\n");
    assertEquals(List.of("expr ran"), tools());
    assertEquals(List.of("expr remembered"), tools());
    checkout.write(
        "bric.toml", "[tools]\nadd = [\"ex*r\", \"/usr/bin/sort\"]\nremove = [\"sort\"]\n");
    assertEquals(List.of("expr remembered"), tools());
    checkout.write("bric.toml", "tools.add = [\"expr\"]\ntools.remove = [\"e*\"]\n");
    assertEquals(List.of(), tools());
  }

  @Test
  void aToolThatIsNeverRememberedRunsEachTimeAndIsToldOf() throws Exception {
    checkout.write("bric.toml", "[tools]\nnever = [\"expr\"]\n");
    List<String> each = List.of("expr ran: bric.toml lists it in tools.never");
    assertEquals(each, tools());
    assertEquals(each, tools());
  }

  @Test
  void aToolBySeveralNamesIsOne() throws Exception {
    checkout.write("bric.toml", "[tools]\nremove = [\"gcc\", \"as\"]\n").write("a.c", "int a;\n");
    Answer answer = checkout.command("sh", "-c", "cc -c a.c && gcc -c a.c").exits(0);
    assertEquals("[]", answer.run().getAsJsonArray("tools").toString());
  }

  @Test
  void aFreshRunRunsTheToolsToo() throws Exception {
    checkout.write("bric.toml", "[tools]\nadd = [\"expr\"]\n");
    assertEquals(List.of("expr ran"), tools());
    Answer fresh = checkout.run(List.of("--fresh"), "cat in; echo x | sort > out; expr 1 + 1");
    assertEquals(
        "ran fresh",
        fresh.run().getAsJsonArray("tools").get(0).getAsJsonObject().get("answer").getAsString()
            + " "
            + fresh
                .run()
                .getAsJsonArray("tools")
                .get(0)
                .getAsJsonObject()
                .get("why")
                .getAsString());
  }

  private void refused(String toml, String message) throws Exception {
    checkout.write("bric.toml", toml);
    checkout.command("true").isRefused(66, checkout.root().resolve("bric.toml") + message);
  }

  @Test
  void whatIsWrongIsToldWithItsPlaceAndTheNearestKey() throws Exception {
    refused("[tols]\n", ":1:1: no such key: tols; did you mean tools?");
    refused(
        "\n[tools]\nadd = []\nremve = []\n",
        ":4:1: no such key: tools.remve; did you mean" + " tools.remove?");
    refused("tools = 3\n", ":1:1: tools must be a table: [tools]");
    refused(
        "[tools]\nadd = \"cc\"\n",
        ":2:1: tools.add must be a list of programs:" + " [\"mycc\", \"/opt/x/cc\"]");
    refused("[tools]\nadd = [\"cc\", 3]\n", ":2:14: tools.add lists programs, and this is none: 3");
    refused(
        "[tools]\nadd = [\"bin/cc\"]\n",
        ":2:8: bin/cc: a program is a name that PATH leads to,"
            + " or an absolute path; one that lies in the workspace cannot be caught");
    refused(
        "[tools]\nadd = [\"/usr/bin/*\"]\n",
        ":2:8: /usr/bin/*: * stands in names only, not in" + " paths");
    refused("[tools]\nadd = [\"cc\n", ":2:11: Unexpected end of line, expected \" or a character");
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many at once, and a user who does not wait. */
@Timeout(120)
final class ConcurrencyTest {
  private static final int MANY = 20;

  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  @Test
  void twoCheckoutsAtOnce() throws Exception {
    String script = "echo started; sleep 0.3; cat a | tee out";
    Checkout one = bric.checkout().write("a", "one\n");
    Checkout two = one.copy().write("a", "two\n");
    Checkout.Going first = one.start(script);
    Checkout.Going second = two.start(script);
    assertEquals("started", first.line());
    assertEquals("started", second.line()); // both are at it now
    first.answer().exits(0).ran("first time").prints("one\n");
    second.answer().exits(0).ran("first time").prints("two\n");
    assertEquals("one\n", one.read("out"));
    assertEquals("two\n", two.read("out"));
    one.run(script).isRemembered().prints("started\none\n");
    two.run(script).isRemembered().prints("started\ntwo\n");
  }

  @Test
  void twentyAtOnceInOneCheckoutAreComputedOnce() throws Exception {
    Checkout checkout = bric.checkout().write("a", "text\n");
    List<Checkout.Going> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(checkout.start("date +%N; sleep 0.2; cp a out"));
    }
    areAllTheSame(all, List.of(checkout));
    assertEquals("text\n", checkout.read("out"));
    assertEquals("{a=rw-r--r-- text\n, out=rw-r--r-- text\n}", checkout.everything().toString());
  }

  @Test
  void twentyCheckoutsAtOnceAreComputedOnce() throws Exception {
    Checkout checkout = bric.checkout().write("a", "text\n");
    List<Checkout> checkouts = new ArrayList<>(List.of(checkout));
    while (checkouts.size() < MANY) {
      checkouts.add(checkout.copy());
    }
    List<Checkout.Going> all = new ArrayList<>();
    for (Checkout each : checkouts) {
      all.add(each.start("date +%N; sleep 0.2; cp a out"));
    }
    areAllTheSame(all, checkouts);
    for (Checkout each : checkouts) {
      assertEquals("text\n", each.read("out"));
    }
  }

  private static void areAllTheSame(List<Checkout.Going> all, List<Checkout> checkouts)
      throws Exception {
    String printed = "";
    for (Checkout.Going going : all) {
      Answer answer = going.answer().exits(0);
      printed = printed.isEmpty() ? answer.outcome().stdout() : printed;
      answer.prints(printed);
    }
    assertEquals(1, bric.count("ran", checkouts));
    assertEquals(MANY - 1, bric.count("remembered", checkouts));
  }

  @Test
  void anEditWhileItRunsCannotPoison() throws Exception {
    String script = "echo started; sleep 0.5; cat a late | tee out; ls";
    Checkout checkout = bric.checkout().write("a", "old\n").write("late", "old too\n");
    Checkout.Going going = checkout.start(script);
    assertEquals("started", going.line());
    checkout.write("a", "new\n").write("late", "new too\n").write("added", "");
    going.answer().exits(0).ran("first time").prints("old\nold too\na\nlate\nout\n");
    assertEquals("old\nold too\n", checkout.read("out"));
    assertEquals("new\n", checkout.read("a")); // what the user wrote stays
    checkout.run(script).ran("differs").prints("started\nnew\nnew too\na\nadded\nlate\nout\n");
    assertEquals("new\nnew too\n", checkout.read("out"));
    checkout.write("a", "old\n").write("late", "old too\n").delete("added");
    checkout.run(script).isRemembered().prints("started\nold\nold too\na\nlate\nout\n");
    assertEquals("old\nold too\n", checkout.read("out"));
  }

  @Test
  void aSourceThatTheRunRewritesAndTheUserEditsIsKept() throws Exception {
    Checkout checkout = bric.checkout().write("a", "old\n").write("b", "old\n");
    Checkout.Going going = checkout.start("echo started; sleep 0.3; echo formatted > a; rm b");
    assertEquals("started", going.line());
    checkout.write("a", "precious edit\n").write("b", "precious edit, too\n");
    Answer answer = going.answer().exits(0);
    String formatted = Digests.of("formatted\n");
    assertEquals(
        List.of(
            "b was changed while the command ran, and is kept; the command deleted it",
            "a was changed while the command ran, and is kept; the command's own: bric store cat "
                + formatted),
        answer.notes());
    assertEquals(
        "{a=rw-r--r-- precious edit\n, b=rw-r--r-- precious edit, too\n}",
        checkout.everything().toString());
    assertEquals("formatted\n", bric.cat(formatted));
  }

  @Test
  void aFileOfTheUserThatGitIgnoresIsKept() throws Exception {
    Checkout checkout = bric.checkout().write(".gitignore", "config\n").git(".gitignore");
    checkout.write("config", "precious\n");
    Answer answer = checkout.run("echo made > config").exits(0);
    String kept = "config was replaced; what was there: bric store cat ";
    assertEquals(List.of(kept + Digests.of("precious\n")), answer.notes());
    assertEquals("precious\n", bric.cat(Digests.of("precious\n")));
  }

  @Test
  void aHostFileThatChangesWhileItRunsIsNotRemembered() throws Exception {
    Path file = bric.folder(bric.unique("host")).resolve("config");
    Files.writeString(file, "1\n");
    Checkout checkout = bric.checkout();
    List<String> options = List.of("--ro", file.toString());
    String script = "cat " + file + "; echo started; sleep 0.3; cat " + file;
    Checkout.Going going = checkout.started(options, "sh", "-c", script);
    assertEquals("1", going.line());
    assertEquals("started", going.line());
    Files.writeString(file, "2\n");
    going.answer().exits(0).isNotRememberedFor(file + " changed while it ran").prints("2\n");
  }
}

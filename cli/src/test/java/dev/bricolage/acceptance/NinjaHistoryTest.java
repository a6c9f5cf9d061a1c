package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of builds: why edges run, and afterwards how a file came to be. */
@Timeout(120)
final class NinjaHistoryTest {
  private static final String MANIFEST =
      """
      rule cat
        command = cat $in h > $out; cat $out.rsp > /dev/null
        rspfile = $out.rsp
        rspfile_content = $in
      rule dep
        command = cat $in > $out; echo "$out: $in" > $out.d
        deps = gcc
        depfile = $out.d
      build a: cat in
      build d/b: dep a
      """;

  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  private static Checkout laid() throws Exception {
    Checkout checkout = bric.checkout();
    return checkout.write("build.ninja", MANIFEST).write("in", checkout.scope()).write("h", "1");
  }

  private static Bric.Outcome bric(Checkout checkout, String... words) throws Exception {
    return bric.run(checkout.root(), words);
  }

  private static Bric.Outcome ninja(Checkout checkout, String... words) throws Exception {
    Bric.Outcome outcome = checkout.ninja(words);
    assertEquals(0, outcome.status(), outcome::toString);
    return outcome;
  }

  private static void explains(Checkout checkout, String... reasons) throws Exception {
    String expected = "";
    for (String reason : reasons) {
      expected += "ninja explain: " + reason + "\n";
    }
    StringBuilder told = new StringBuilder();
    ninja(checkout, "-d", "explain")
        .stderr()
        .lines()
        .filter(line -> line.startsWith("ninja explain: "))
        .forEach(line -> told.append(line).append('\n'));
    assertEquals(expected, told.toString());
  }

  @Test
  void whyEdgesRun() throws Exception {
    Checkout checkout = laid();
    explains(checkout, "output a doesn't exist", "output d/b doesn't exist");
    explains(checkout);
    checkout.write("h", "2");
    explains(checkout, "h is not what a was made from", "a is not what d/b was made from");
    checkout.delete("a");
    explains(checkout, "output a doesn't exist", "output d/b older than most recent input");
    checkout.write("a", "spoiled");
    explains(
        checkout, "output a is not what is remembered", "output d/b older than most recent input");
    checkout.write("build.ninja", MANIFEST.replace("h >", "h h >"));
    explains(
        checkout, "no command like that of a is remembered", "a is not what d/b was made from");
    assertEquals("", ninja(checkout, "--fresh").stderr());
    assertEquals(
        "ninja explain: --fresh was given\n".repeat(2),
        ninja(checkout, "--fresh", "-d", "explain").stderr());
  }

  @Test
  void whyEdgesWouldRun() throws Exception {
    Checkout checkout = laid();
    ninja(checkout);
    checkout.write("h", "2");
    assertEquals(
        """
        ninja explain: a is not remembered for what is there now
        ninja explain: a is dirty
        """,
        ninja(checkout, "-n", "-d", "explain").stderr());
    checkout.write("h", "1").delete("a");
    assertEquals(
        "ninja explain: output a doesn't exist\n", ninja(checkout, "-n", "-d", "explain").stderr());
  }

  @Test
  void whatIsKept() throws Exception {
    Checkout checkout = laid();
    ninja(checkout);
    assertFalse(checkout.has("a.rsp"));
    assertFalse(checkout.has("d/b.d"));
    ninja(checkout, "--fresh", "-dkeeprsp", "-dkeepdepfile");
    assertEquals("in", checkout.read("a.rsp"));
    assertEquals("d/b: a\n", checkout.read("d/b.d"));
    checkout.write("h", "2");
    ninja(checkout);
    assertFalse(checkout.has("a.rsp"));
    checkout.write("build.ninja", MANIFEST.replace("cat $in h", "exit 1"));
    assertEquals(1, bric(checkout, "ninja").status());
    assertEquals("in", checkout.read("a.rsp"));
  }

  @Test
  void howOftenAndHowLong() throws Exception {
    String told = ninja(laid(), "-d", "stats", "--quiet").stdout();
    assertEquals(
        """
        metric       \tcount \tavg (us)\ttotal (ms)
        .ninja parse \t1     \tN       \tN
        build        \t1     \tN       \tN
        edges run    \t2     \tN       \tN
        edges brought\t0     \tN       \tN
        """,
        told.replaceAll("\\t[0-9.]+\\n", "\tN\n")
            .replaceAll("\\t[0-9]+\\.[0-9] *\\t", "\tN       \t"));
  }

  private static String dated(String text) {
    return text.replaceAll("run \\d+, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "run N, DATE")
        .replaceAll("[0-9a-f]{12} ", "HASH ");
  }

  @Test
  void howAFileCameToBe() throws Exception {
    Checkout checkout = laid();
    ninja(checkout);
    checkout.write("h", "22");
    ninja(checkout);
    String ran =
        """
        run N, DATE
          cat in h > a; cat a.rsp > /dev/null
            ran because
            h: content HASH (1 bytes) -> content HASH (2 bytes)
        """;
    assertEquals("a: " + ran, dated(bric(checkout, "why", "a").stdout()));
    assertEquals(
        "../" + checkout.scope() + "/a: " + ran,
        dated(bric(checkout, "why", "../" + checkout.scope() + "/a").stdout()));
    checkout.delete("a");
    ninja(checkout);
    assertEquals(
        """
        a: run N, DATE
          cat in h > a; cat a.rsp > /dev/null
            was remembered
        last run:\
        """
            + " "
            + ran,
        dated(bric(checkout, "why", "a").stdout()));
    assertTrue(
        bric(checkout, "why", "--json", "d/b").stdout().contains("\"answer\": \"remembered\""));
    assertEquals("ninja\n  0 edges ran, 2 came from memory\n", bric(checkout, "why").stdout());
    assertEquals(66, bric(checkout, "why", "nothing").status());
  }

  /** A build that had nothing to do is no event. */
  @Test
  void onlyWhatWasDone() throws Exception {
    Checkout checkout = laid();
    ninja(checkout, "-j2");
    ninja(checkout);
    checkout.write("h", "2");
    ninja(checkout, "-n");
    List<Checkout> here = List.of(checkout);
    assertEquals(1, bric.count("ran", here));
    assertEquals(0, bric.count("remembered", here));
    assertTrue(bric(checkout, "log", "-n", "1").stdout().contains("ninja -j2  ("));
  }
}

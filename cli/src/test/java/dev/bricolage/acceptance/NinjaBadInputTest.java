package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import dev.bricolage.testkit.Chunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Builds that cannot be, and commands that misbehave. */
@Timeout(120)
final class NinjaBadInputTest {
  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  static List<Chunk> chunks() throws IOException {
    return Chunk.read(NinjaBadInputTest.class, "/ninja/bad.ninja");
  }

  /** A checkout with the files of a case. */
  private static Checkout laid(String text) throws Exception {
    Checkout checkout = bric.checkout().write("in", "");
    StringBuilder content = new StringBuilder();
    String name = "build.ninja";
    for (String line : text.lines().toList()) {
      if (line.startsWith("#> ")) {
        checkout.write(name, content.toString());
        content.setLength(0);
        name = line.substring(3);
      } else if (!line.startsWith("#$ ")) {
        content.append(line).append('\n');
      }
    }
    return checkout.write(name, content.toString());
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void weSayWhatNinjaSays(Chunk chunk) throws Exception {
    String[] words =
        chunk
            .text()
            .lines()
            .filter(line -> line.startsWith("#$ "))
            .flatMap(line -> Stream.of(line.substring(3).split(" ")))
            .toArray(String[]::new);
    Bric.Outcome theirs = laid(chunk.text()).plainNinja(words);
    Bric.Outcome ours = laid(chunk.text()).ninja(words);
    assertEquals(theirs, ours, chunk.text());
    assertTrue(
        (ours.stdout() + ours.stderr()).lines().anyMatch(chunk.expected()::equals), ours::toString);
  }

  private static void does(String expected, Checkout checkout, String... words) throws Exception {
    assertEquals(new Bric.Outcome(0, expected, ""), checkout.ninja(words));
  }

  /** It is brought home, is a product like any other, and comes back when it is gone. */
  @Test
  void whatWasNotDeclared() throws Exception {
    String line = "echo 1 > a; echo 2 > besides";
    Checkout checkout = laid("rule r\n  command = " + line + "\nbuild a: r\n");
    does("[1/1] " + line + "\n", checkout);
    assertEquals("2\n", checkout.read("besides"));
    does("ninja: no work to do.\n", checkout);
    checkout.delete("besides");
    does("[1/1] " + line + "\n", checkout);
    assertEquals("2\n", checkout.read("besides"));
    checkout.write("build.ninja", "rule r\n  command = cat besides > a\nbuild a: r\n");
    Bric.Outcome alone = checkout.ninja();
    assertTrue(alone.stdout().contains("cat: besides: No such file"), alone::toString);
  }

  @Test
  void aCommandThatDeletesItsInput() throws Exception {
    String manifest = "rule r\n  command = touch $out; rm $in\nbuild a: r in\n";
    Checkout ours = laid(manifest);
    Checkout theirs = laid(manifest);
    assertEquals(theirs.plainNinja(), ours.ninja());
    assertFalse(ours.has("in"));
    assertEquals(theirs.plainNinja(), ours.ninja());
    ours.write("in", "");
    does("[1/1] touch a; rm in\n", ours);
    assertFalse(ours.has("in"));
  }

  @Test
  void aCommandThatLeavesAProcessBehind() throws Exception {
    String line = "setsid sleep 906.25 > /dev/null 2>&1 < /dev/null & touch a";
    Checkout checkout = laid("rule r\n  command = " + line + "\nbuild a: r\n");
    does("[1/1] " + line + "\n", checkout);
    assertTrue(Host.isRidOf("906.25"), "a process outlived its command");
    does("ninja: no work to do.\n", checkout);
  }

  @Test
  void aWorkspaceThatIsFull() throws Exception {
    Assumptions.assumeTrue(User.callerIsRoot());
    Checkout checkout = bric.checkout();
    Host.mountMemory(checkout.root(), "1m");
    try {
      checkout.write(
          "build.ninja",
          """
          rule small
            command = echo small > $out
          rule big
            command = head -c 3000000 /dev/zero > $out
          build a: small
          build b: big a
          """);
      assertEquals(
          new Bric.Outcome(
              73,
              "[1/2] echo small > a\n",
              "bric: cannot write "
                  + checkout.root().toRealPath().resolve("b")
                  + ": No space left on device; free some space and run again: the result is"
                  + " remembered\n"),
          checkout.ninja());
      assertEquals("small\n", checkout.read("a"));
      assertEquals(List.of(".ninja_deps", ".ninja_log", "a", "build.ninja"), names(checkout));
      Host.succeeds(bric.home(), "mount", "-o", "remount,size=8m", checkout.root().toString());
      does("[1/1] head -c 3000000 /dev/zero > b\n", checkout);
      assertEquals("ninja: no work to do.\n", checkout.plainNinja("-n").stdout());
    } finally {
      Host.unmount(checkout.root());
    }
  }

  /** Many names, and no bytes but those of the logs. */
  @Test
  void noRoomForTheLogs() throws Exception {
    Assumptions.assumeTrue(User.callerIsRoot());
    Checkout checkout = bric.checkout();
    Host.mountMemory(checkout.root(), "1m");
    try {
      StringBuilder outputs = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        outputs.append(" ").append("n".repeat(200)).append(i);
      }
      String rule = "rule r\n  command = touch $out\n  description = MAKE\n";
      checkout.write("build.ninja", rule + "build a: r\n");
      does("[1/1] MAKE\n", checkout);
      String log = checkout.read(".ninja_log");
      checkout.write("build.ninja", rule + "build a: r\nbuild" + outputs + ": r\n");
      Path filler = checkout.root().resolve("filler");
      Host.succeeds(checkout.root(), "sh", "-c", "cat /dev/zero > filler 2>/dev/null || true");
      assertEquals(
          new Bric.Outcome(
              73,
              "[1/1] MAKE\n",
              "bric: cannot write "
                  + checkout.root().toRealPath().resolve(".ninja_log")
                  + ": No space left on device; free some space and run again: what was built is"
                  + " there, but ninja does not know of it\n"),
          checkout.ninja());
      assertEquals(log, checkout.read(".ninja_log"));
      assertEquals(List.of(), names(checkout).stream().filter(n -> n.contains("bric")).toList());
      Files.delete(filler);
      does("ninja: no work to do.\n", checkout);
      assertEquals("ninja: no work to do.\n", checkout.plainNinja("-n").stdout());
    } finally {
      Host.unmount(checkout.root());
    }
  }

  private static List<String> names(Checkout checkout) throws Exception {
    try (Stream<Path> names = Files.list(checkout.root())) {
      return names.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}

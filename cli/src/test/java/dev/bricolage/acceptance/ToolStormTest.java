package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many makes at once, and every way in which a tool does not come to its end. */
@Timeout(180)
final class ToolStormTest {
  private static final String MAKEFILE =
      """
      prog: a.o b.o c.o
      \tcc -o prog a.o b.o c.o
      a.o: a.c v.h
      \tcc -c a.c
      b.o: b.c
      \tcc -c b.c
      c.o: c.c
      \tcc -c c.c
      """;

  private Installation bric;
  private Toolchain chain;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    chain = Toolchain.of(bric);
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private static Checkout version(Checkout checkout, int number) throws Exception {
    return checkout
        .write("Makefile", MAKEFILE)
        .write("v.h", "#define V " + number + "\n")
        .write(
            "a.c",
            """
            #include <stdio.h>
            #include "v.h"
            int b(void), c(void);
            int main(void) { printf("%d\\n", V + b() + c()); }
            """)
        .write("b.c", "int b(void) { return 100; }\n")
        .write("c.c", "int c(void) { return 1000; }\n");
  }

  private static void isWhole(Checkout checkout, int number) throws Exception {
    assertEquals(1100 + number + "\n", Host.succeeds(checkout.root(), "./prog"));
    for (String name : checkout.everything().keySet()) {
      assertFalse(name.contains(".bric-"), name);
    }
  }

  /** What is in all versions is compiled once by all of them together. */
  @Test
  void sixteenVersionsAtOnce() throws Exception {
    Checkout first = version(bric.checkout(), 0);
    List<Checkout> checkouts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      checkouts.add(version(first.copy(), i));
    }
    List<Checkout.Going> going = new ArrayList<>();
    for (Checkout checkout : checkouts) {
      going.add(checkout.started(List.of(), "make", "-s", "-j4"));
    }
    List<String> ran = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ran.addAll(ToolRuns.of(going.get(i).answer().exits(0)).ran());
      isWhole(checkouts.get(i), i);
    }
    assertEquals(1, Collections.frequency(ran, "cc -c b.c"), ran::toString);
    assertEquals(1, Collections.frequency(ran, "cc -c c.c"), ran::toString);
    assertEquals(16, Collections.frequency(ran, "cc -c a.c"), ran::toString);
    assertEquals(16, Collections.frequency(ran, "cc -o prog"), ran::toString);
  }

  /** A make whose compiler has begun with {@code a.c}, and waits while there is a hold. */
  private Checkout.Going held(Checkout checkout) throws Exception {
    chain.write("hold", "");
    chain.compiler(
        "case \"$*\" in *a.c*)\n  echo begun\n  while [ -e "
            + chain.folder()
            + "/hold ]; do sleep 0.02; done\nesac\nexec /usr/bin/cc \"$@\"");
    Checkout.Going going = checkout.started(chain.options(), "make", "-s", "prog");
    assertEquals("begun", going.line());
    return going;
  }

  private Answer released(Checkout checkout) throws Exception {
    chain.delete("hold");
    Answer answer = checkout.started(chain.options(), "make", "-s", "prog").answer().exits(0);
    List<String> ran = ToolRuns.of(answer).ran();
    assertTrue(ran.contains("cc -c a.c"), ran::toString);
    isWhole(checkout, 7);
    return answer;
  }

  @Test
  void theDaemonIsKilled() throws Exception {
    Checkout checkout = version(bric.checkout(), 7);
    Checkout.Going going = held(checkout);
    bric.kill();
    Bric.outcome(going.process());
    assertFalse(checkout.has("prog"));
    released(checkout);
  }

  @Test
  void theToolIsKilled() throws Exception {
    Checkout checkout = version(bric.checkout(), 7);
    String mark = "-DMARK" + System.nanoTime();
    checkout.write("Makefile", MAKEFILE.replace("cc -c a.c", "cc " + mark + " -c a.c"));
    Checkout.Going going = held(checkout);
    long tool = Host.processWith(mark).orElseThrow();
    Host.succeeds(checkout.root(), "kill", "-KILL", Long.toString(tool));
    assertEquals(2, going.answer().outcome().status());
    released(checkout);
  }

  @Test
  void makeIsInterrupted() throws Exception {
    Checkout checkout = version(bric.checkout(), 7);
    Checkout.Going going = held(checkout);
    going.signal("INT");
    assertTrue(going.answer().outcome().status() != 0);
    released(checkout);
  }

  /** Whatever a limit of memory breaks in the compiler, the next one has none and compiles. */
  @Test
  void memoryIsNotEnough() throws Exception {
    Checkout checkout = version(bric.checkout(), 7);
    for (String words : List.of("cc -DSEEN -c a.c", "cc -c a.c 2> /dev/null")) {
      Answer answer =
          checkout
              .run(
                  "for n in 2 4 8 12 16 20 24 28 32 40 48 64 80 96; do"
                      + " (ulimit -v ${n}000; WORDS) && break;".replace("WORDS", words)
                      + " [ ! -e a.o ] || exit 9; done; WORDS && make -s".replace("WORDS", words))
              .exits(0);
      int tools = answer.run().getAsJsonArray("tools").size();
      assertTrue(tools > 8, () -> tools + " tools"); // most limits were too low
      isWhole(checkout, 7);
    }
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What compiler caches are known to miss: headers that were absent, another compiler at the same
 * path, another library, variables. Each lets run what depends on it and nothing else.
 */
@Timeout(180)
final class ToolInputsTest {
  private Installation bric;
  private Toolchain chain;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    chain = Toolchain.of(bric).library("int x(void) { return 40; }\n");
    checkout =
        bric.checkout()
            .write(
                "Makefile",
                """
                prog: a.o b.o
                \tcc -o prog a.o b.o -L$(T)/lib -lx
                a.o: a.c
                \tcc -Iearly -Iinclude -isystem $(T)/include -c a.c
                b.o: b.c
                \tcc -c b.c
                """)
            .write("include/h.h", "#define H 1\n")
            .write(
                "a.c",
                """
                #include <h.h>
                #include <stdio.h>
                int b(void);
                int main(void) { printf("%d\\n", b() + H); }
                """)
            .write("b.c", "int x(void);\nint b(void) { return x() + 1; }\n");
    assertEquals(List.of("cc -c a.c", "cc -c b.c", "cc -o prog"), ran(make()));
    assertEquals("42\n", prog());
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private Answer make(String... more) throws Exception {
    List<String> options = chain.options();
    options.addAll(List.of(more));
    return checkout.run(options, "make -s T=" + chain.folder()).exits(0);
  }

  private static List<String> ran(Answer answer) {
    return ToolRuns.of(answer).ran();
  }

  private String prog() throws Exception {
    return Host.succeeds(checkout.root(), "./prog");
  }

  @Test
  void aHeaderThatWasAbsent() throws Exception {
    checkout.write("early/h.h", "#define H 2\n");
    assertEquals(List.of("cc -c a.c", "cc -o prog"), ran(make()));
    assertEquals("43\n", prog());
    checkout.delete("early");
    make().isRemembered();
    assertEquals("42\n", prog());
  }

  @Test
  void aHeaderThatWasAbsentOutsideTheWorkspace() throws Exception {
    chain.write("include/stdio.h", "int printf(const char *, ...);\n#define H 3\n");
    checkout.write("include/h.h", "#define H 1\n#define LATER\n");
    assertEquals(List.of("cc -c a.c", "cc -o prog"), ran(make()));
    chain.delete("include/stdio.h");
    checkout.write("include/h.h", "#define H 1\n");
    make().isRemembered();
    assertEquals("42\n", prog());
  }

  @Test
  void anotherCompilerAtTheSamePath() throws Exception {
    chain.compiler("exec /usr/bin/cc -O1 \"$@\"");
    assertEquals(List.of("cc -c a.c", "cc -c b.c", "cc -o prog"), ran(make()));
    assertEquals("42\n", prog());
    chain.compiler("exec /usr/bin/cc \"$@\"");
    make().isRemembered();
  }

  @Test
  void anotherLibrary() throws Exception {
    chain.library("int x(void) { return 50; }\n");
    assertEquals(List.of("cc -o prog"), ran(make()));
    assertEquals("52\n", prog());
    chain.library("int x(void) { return 40; }\n");
    make().isRemembered();
    assertEquals("42\n", prog());
  }

  @Test
  void aVariableThatCompilersRead() throws Exception {
    checkout.write("other/stdio.h", "int printf(const char *, ...);\n#define OTHER\n");
    assertEquals(List.of("cc -c a.c", "cc -c b.c", "cc -o prog"), ran(make("-e", "CPATH=other")));
    checkout.write("other/h.h", "#define H 9\n"); // CPATH comes after -I, so nobody looks there
    assertEquals(List.of(), ran(make("-e", "CPATH=other")));
    checkout.write("other/stdio.h", "int printf(const char *, ...);\n");
    assertEquals(List.of("cc -c a.c"), ran(make("-e", "CPATH=other")));
    assertEquals(List.of(), ran(make()));
    assertEquals("42\n", prog());
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code bric ninja} beside ninja itself. */
@Timeout(180)
final class NinjaTest {
  private static final String CMAKE =
      """
      cmake_minimum_required(VERSION 3.20)
      project(hello C)
      add_library(greet STATIC greet.c)
      add_custom_command(OUTPUT gen.h
        COMMAND cp ${CMAKE_SOURCE_DIR}/name.txt gen.h DEPENDS name.txt)
      add_executable(hello main.c gen.h)
      target_include_directories(hello PRIVATE ${CMAKE_BINARY_DIR})
      target_link_libraries(hello greet)
      """;
  private static final List<String> MADE = List.of("hello", "libgreet.a", "gen.h");

  private Installation bric;
  private Checkout checkout;
  private Path build;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout();
    build = checkout.root().toRealPath().resolve("build");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private void cmake() throws Exception {
    checkout
        .write("CMakeLists.txt", CMAKE)
        .write("name.txt", "#define NAME \"one\"\n")
        .write("greet.c", "const char *greet(void) { return \"hi\"; }\n")
        .write(
            "main.c",
            """
            #include <stdio.h>
            #include "gen.h"
            const char *greet(void);
            int main(void) { printf("%s %s\\n", greet(), NAME); }
            """);
    Host.succeeds(checkout.root(), "cmake", "-G", "Ninja", "-S", ".", "-B", "build");
  }

  /** A manifest in the checkout itself. */
  private void manifest(String text) throws Exception {
    checkout.write("build.ninja", text);
    build = checkout.root().toRealPath();
  }

  private Bric.Outcome ninja(String... words) throws Exception {
    String[] all = new String[words.length + 1];
    all[0] = "ninja";
    System.arraycopy(words, 0, all, 1, words.length);
    return bric.run(build, all);
  }

  private void says(String expected, String... words) throws Exception {
    Bric.Outcome outcome = ninja(words);
    assertEquals(expected, outcome.stdout() + outcome.stderr());
    assertEquals(0, outcome.status(), outcome::toString);
  }

  private void fails(String expected, String... words) throws Exception {
    Bric.Outcome outcome = ninja(words);
    assertEquals(expected, outcome.stdout() + outcome.stderr());
    assertEquals(1, outcome.status(), outcome::toString);
  }

  /** Ninja itself finds that all is done. */
  private void plainNinjaHasNothingToDo() throws Exception {
    assertEquals("ninja: no work to do.\n", Host.succeeds(build, "ninja", "-n", "-d", "explain"));
  }

  private List<String> lines(String... words) throws Exception {
    Bric.Outcome outcome = ninja(words);
    assertEquals(0, outcome.status(), outcome::toString);
    return outcome
        .stdout()
        .lines()
        .map(line -> line.replaceFirst("^\\[\\d+/\\d+\\] ", ""))
        .toList();
  }

  @Test
  void aProjectOfCmake() throws Exception {
    cmake();
    List<String> all = lines("-j1");
    assertEquals(5, all.size(), all::toString);
    assertEquals("Linking C executable hello", all.getLast());
    plainNinjaHasNothingToDo();
    says("ninja: no work to do.\n");
    assertEquals("hi one\n", Host.succeeds(build, "./hello"));
    checkout.write("greet.c", "const char *greet(void) { return \"ho\"; }\n");
    assertEquals(
        List.of(
            "Building C object CMakeFiles/greet.dir/greet.c.o",
            "Linking C static library libgreet.a",
            "Linking C executable hello"),
        lines());
    plainNinjaHasNothingToDo();
    assertEquals("ho one\n", Host.succeeds(build, "./hello"));
    checkout.write("name.txt", "#define NAME \"two\"\n");
    assertEquals(
        List.of(
            "Generating gen.h",
            "Building C object CMakeFiles/hello.dir/main.c.o",
            "Linking C executable hello"),
        lines());
    assertEquals("ho two\n", Host.succeeds(build, "./hello"));
  }

  /** One look keeps what it has looked at; the next asks the kernel alone. */
  private void standsStill() throws Exception {
    for (int look = 0; look < 3; look++) {
      says("ninja: no work to do.\n");
      Thread.sleep(30); // two ticks of a clock: what is younger is not relied on
    }
  }

  @Test
  void whatStoodStillIsSeenToMove() throws Exception {
    checkout
        .write(
            "build/build.ninja",
            """
            rule all
              command = cat ../src/* ../inc/h > out/x 2>/dev/null || true
            build out/x: all ../src/a
            """)
        .write(".gitignore", "ignored\nbuild\n")
        .write("src/a", "a")
        .write("inc/other", "o");
    Host.succeeds(checkout.root(), "git", "init", "-q");
    List<List<String>> deedsAndWhatIsMade =
        List.of(
            List.of("true", "a"),
            List.of("printf b > src/b", "ab"),
            List.of("printf c > src/b", "ac"),
            List.of("printf i > src/ignored", "ac"),
            List.of("echo build > .gitignore", "aci"),
            List.of("echo src/b > .git/info/exclude", "ai"),
            List.of("git add -f src/b", "aci"),
            List.of("mkdir inc/h", "aci"),
            List.of("rmdir inc/h; printf 1 > inc/h", "aci1"),
            List.of("rm inc/h; ln -s other inc/h", "acio"),
            List.of("mv src was; mkdir src; printf d > src/a", "do"),
            List.of("printf e > src/a; touch -d 2001-01-01 src/a", "eo"),
            List.of("rm build/out/x", "eo"),
            List.of("printf z >> build/out/x", "eo"),
            List.of("rm build/out/x; ln -s ../../src/a build/out/x", "eo"));
    lines();
    for (List<String> deed : deedsAndWhatIsMade) {
      Host.succeeds(checkout.root(), "sh", "-c", deed.getFirst());
      lines();
      assertEquals(deed.getLast(), Files.readString(build.resolve("out/x")), deed.getFirst());
      standsStill();
    }
    Host.succeeds(build, "chmod", "+x", "out/x");
    lines();
    assertFalse(Files.isExecutable(build.resolve("out/x")));
  }

  @Test
  void whatIsMadeIsWhatNinjaMakes() throws Exception {
    cmake();
    lines();
    List<byte[]> ours = contents();
    Host.succeeds(build, "ninja", "-t", "clean");
    Host.succeeds(build, "ninja");
    List<byte[]> plain = contents();
    for (int i = 0; i < ours.size(); i++) {
      assertTrue(Arrays.equals(ours.get(i), plain.get(i)), MADE.get(i));
    }
  }

  private List<byte[]> contents() throws Exception {
    List<byte[]> contents = new java.util.ArrayList<>();
    for (String name : MADE) {
      contents.add(Files.readAllBytes(build.resolve(name)));
    }
    return contents;
  }

  /** What plain ninja has built is not trusted, and memory brings back what is gone. */
  @Test
  void aFolderThatNinjaBuilt() throws Exception {
    cmake();
    Host.succeeds(build, "ninja");
    Files.writeString(build.resolve("libgreet.a"), "spoiled\n");
    lines();
    assertEquals("hi one\n", Host.succeeds(build, "./hello"));
    Files.delete(build.resolve("hello"));
    Files.delete(build.resolve("libgreet.a"));
    List<String> brought = lines();
    assertEquals(
        List.of("Linking C static library libgreet.a", "Linking C executable hello"), brought);
    plainNinjaHasNothingToDo();
  }

  @Test
  void undeclaredSourcesAreFound() throws Exception {
    manifest("rule r\n  command = cat secret > $out\nbuild out: r\n");
    checkout.write("secret", "1\n");
    says("[1/1] cat secret > out\n");
    says("ninja: no work to do.\n");
    checkout.write("secret", "2\n");
    says("[1/1] cat secret > out\n");
    assertEquals("2\n", checkout.read("out"));
  }

  /** What git ignores is hidden, but not from an edge that names it. */
  @Test
  void ignoredFilesThatEdgesNameAreSeen() throws Exception {
    checkout
        .write(".gitignore", "config.h\n")
        .write("config.h", "1\n")
        .write("b/build.ninja", "rule r\n  command = cat $in > $out\nbuild out: r ../config.h\n")
        .git(".gitignore", "b/build.ninja");
    build = checkout.root().toRealPath().resolve("b");
    assertEquals(0, ninja().status());
    assertEquals("1\n", checkout.read("b/out"));
    says("ninja: no work to do.\n");
    checkout.write("config.h", "2\n");
    assertEquals(0, ninja().status());
    assertEquals("2\n", checkout.read("b/out"));
  }

  /** Another edge names it, and this one looked for it in vain. */
  @Test
  void anIgnoredFileThatComesIsSeen() throws Exception {
    checkout
        .write(".gitignore", "config.h\n")
        .write(
            "b/build.ninja",
            """
            rule r
              command = cat ../config.h > $out 2>/dev/null || echo none > $out
            rule cat
              command = cat $in > $out
            build out: r
            build other: cat ../config.h
            default out
            """)
        .git(".gitignore", "b/build.ninja");
    build = checkout.root().toRealPath().resolve("b");
    assertEquals(0, ninja().status());
    assertEquals("none\n", checkout.read("b/out"));
    says("ninja: no work to do.\n");
    checkout.write("config.h", "1\n");
    assertEquals(0, ninja().status());
    assertEquals("1\n", checkout.read("b/out"));
  }

  @Test
  void edgesThatLookForEachOthersOutputsDoNotWaitForEver() throws Exception {
    manifest(
        """
        rule a
          command = [ -e b ] ; echo a > $out
        rule b
          command = [ -e a ] ; echo b > $out
        build a: a
        build b: b
        """);
    for (String jobs : List.of("-j2", "-j1", "-j2")) {
      checkout.delete("a");
      assertEquals(0, ninja(jobs, "--fresh").status());
      assertEquals("a\n", checkout.read("a"));
      assertEquals("b\n", checkout.read("b"));
    }
  }

  /** What somebody wrote over a product is not lost when that comes back. */
  @Test
  void theOldOneOfAnEditedProductIsKept() throws Exception {
    manifest("rule r\n  command = cat $in > $out\nbuild out: r in\n");
    checkout.write("in", "1\n");
    assertEquals(0, ninja().status());
    checkout.write("out", "by hand\n");
    String told = ninja().stderr();
    assertTrue(told.startsWith("bric: "), told);
    assertTrue(told.contains("bric store cat "), told);
    assertEquals("1\n", checkout.read("out"));
  }

  /** As if it had said so: in whichever order they are run, and when memory answers. */
  @Test
  void undeclaredProductsAreFound() throws Exception {
    manifest(
        """
        rule r
          command = cat secret > $out
        rule late
          command = cat in > $out
        build a: r
        build secret: late in
        """);
    for (String text : List.of("1\n", "2\n", "1\n")) {
      checkout.write("in", text);
      assertEquals(0, ninja("-j2").status());
      assertEquals(text, checkout.read("a"));
    }
    says("ninja: no work to do.\n");
    Files.delete(build.resolve("a"));
    Files.delete(build.resolve("secret"));
    assertEquals(0, ninja("a").status());
    assertEquals("1\n", checkout.read("a"));
    for (int again = 0; again < 2; again++) {
      Bric.Outcome told = ninja("-d", "missingdeps", "a");
      assertEquals(
          "ninja: warning: 'a' needs 'secret', which another edge makes, and does not say so\n",
          told.stderr());
      assertEquals("ninja: no work to do.\n", told.stdout());
    }
  }

  @Test
  void whatAnEdgeDoesNotNeedIsNotThere() throws Exception {
    manifest(
        """
        rule list
          command = ls d > $out
        rule touch
          command = touch $out
        build d/b: touch
        build d/c: touch
        build d/list: list | d/c
        """);
    assertEquals(0, ninja("-j1").status());
    assertEquals("c\nlist\n", checkout.read("d/list"));
  }

  @Test
  void dyndepFilesAddInputsAndOutputs() throws Exception {
    manifest(
        """
        rule scan
          command = cp $in $out
        rule make
          command = cat part > $out; cp part extra
        rule part
          command = echo part > $out
        build dd: scan dd.in
        build out: make || dd
          dyndep = dd
        build part: part
        """);
    checkout.write("dd.in", "ninja_dyndep_version = 1\nbuild out | extra: dyndep | part\n");
    assertEquals(
        List.of("cp dd.in dd", "echo part > part", "cat part > out; cp part extra"),
        lines("-j1", "out"));
    assertEquals("part\n", checkout.read("extra"));
    says("ninja: no work to do.\n", "out");
    plainNinjaHasNothingToDo();
  }

  @Test
  void theManifestIsMadeAgain() throws Exception {
    manifest("");
    checkout.write(
        "build.ninja.in",
        """
        rule gen
          command = cp $in $out
          generator = 1
        rule r
          command = echo one > $out
        build build.ninja: gen build.ninja.in
        build out: r
        """);
    Files.copy(
        build.resolve("build.ninja.in"),
        build.resolve("build.ninja"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of("echo one > out"), lines());
    checkout.write(
        "build.ninja.in", checkout.read("build.ninja.in").replace("echo one", "echo two"));
    assertEquals(List.of("cp build.ninja.in build.ninja", "echo two > out"), lines());
    says("ninja: no work to do.\n");
    checkout.write("build.ninja.in", "rule gen\n  command = false\n  generator = 1\n");
    checkout.write("build.ninja", "rule g\n  command = false\nbuild build.ninja: g none\n");
    fails(
        "ninja: error: rebuilding 'build.ninja': 'none', needed by 'build.ninja', missing and no"
            + " known rule to make it\n");
  }

  @Test
  void failuresAreToldAndTriedAgain() throws Exception {
    manifest("rule r\n  command = echo no; exit 3\nbuild bad: r\nbuild all: phony bad\n");
    String told = "[1/1] echo no; exit 3\nFAILED: bad \necho no; exit 3\nno\n";
    for (int again = 0; again < 2; again++) {
      fails(told + "ninja: build stopped: subcommand failed.\n", "all");
    }
  }

  @Test
  void othersGoOnAfterAFailure() throws Exception {
    manifest(
        """
        rule bad
          command = exit 1
        rule good
          command = touch $out
        build a: bad
        build b: good
        build c: good a
        """);
    Bric.Outcome outcome = ninja("-j1", "-k0");
    assertEquals(1, outcome.status());
    assertTrue(Files.exists(build.resolve("b")), outcome::toString);
    assertFalse(Files.exists(build.resolve("c")), outcome::toString);
  }

  @Test
  void responseFilesAndPools() throws Exception {
    manifest(
        """
        pool one
          depth = 1
        rule r
          command = cat $out.rsp > $out
          pool = one
          rspfile = $out.rsp
          rspfile_content = $in
          description = R $out
        build d/x: r in
        build d/y: r in
        """);
    checkout.write("in", "");
    assertEquals(List.of("R d/x", "R d/y"), lines().stream().sorted().toList());
    assertEquals("in", checkout.read("d/x"));
    assertFalse(Files.exists(build.resolve("d/x.rsp")));
  }

  @Test
  void whatNinjaRefuses() throws Exception {
    manifest("rule r\n  command = true\nbuild a: r b\nbuild x: r y\nbuild y: r x\n");
    fails("ninja: error: 'b', needed by 'a', missing and no known rule to make it\n", "a");
    fails("ninja: error: dependency cycle: x -> y -> x\n", "x");
    fails("ninja: error: unknown target 'z', did you mean 'a'?\n", "z");
    fails("ninja: error: loading 'none.ninja': No such file or directory\n", "-f", "none.ninja");
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bric by a link named ninja, as CMake, Meson and people call it. */
@Timeout(300)
final class NinjaLinkTest {
  private Installation bric;
  private Checkout checkout;
  private Path ninja;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout();
    ninja = bric.folder("links").resolve("ninja");
    Files.createSymbolicLink(ninja, bric.bric().program());
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /** A script in the checkout, with {@code $NINJA} for the link. */
  private Bric.Outcome shell(String script) throws Exception {
    return bric.bric()
        .with("NINJA", ninja.toString())
        .shell("cd " + checkout.root() + "\n" + script);
  }

  private String succeeds(String script) throws Exception {
    Bric.Outcome outcome = shell("set -e\n" + script);
    assertEquals(0, outcome.status(), outcome::toString);
    return outcome.stdout();
  }

  /** The link says the same as ninja itself, on both streams, with the same status. */
  private void saysTheSame(String words) throws Exception {
    assertEquals(shell("/usr/bin/ninja " + words), shell("$NINJA " + words), words);
  }

  private void manifest() throws Exception {
    checkout.write("build.ninja", "rule r\n  command = touch $out\nbuild a: r b\nbuild d/c: r a\n");
    checkout.write("b", "").folder("d");
  }

  @Test
  void itSpeaksAsNinja() throws Exception {
    manifest();
    for (String words :
        List.of(
            "--version",
            "-C nowhere",
            "-j x",
            "-k y",
            "-l z",
            "-t nothing",
            "-d nothing",
            "-w nothing",
            "nothing",
            "-f nothing",
            "-C d -f ../build.ninja -t rules",
            "-t targets all",
            "-t commands",
            "-t query a")) {
      saysTheSame(words);
    }
    // Words that are bric's are targets here.
    saysTheSame("doctor");
    saysTheSame("shutdown");
  }

  @Test
  void helpIsNinjas() throws Exception {
    for (String words : List.of("-h", "--help", "-v --help")) {
      Bric.Outcome outcome = shell("$NINJA " + words);
      assertEquals(1, outcome.status());
      assertEquals("", outcome.stdout());
      assertTrue(outcome.stderr().startsWith("usage: ninja [options] [targets...]\n"));
    }
    Bric.Outcome wrong = shell("$NINJA -z");
    assertEquals(1, wrong.status());
    assertTrue(
        wrong.stderr().startsWith("ninja: invalid option -- 'z'\nusage: ninja "), wrong::stderr);
  }

  @Test
  void bricsOwnNinjaSpeaksAsBric() throws Exception {
    Bric.Outcome help = bric.run("ninja", "--help");
    assertEquals(0, help.status());
    assertTrue(help.stdout().startsWith("Usage: bric ninja [OPTION]... [TARGET]...\n"));
    Bric.Outcome wrong = bric.run("ninja", "-vz");
    assertEquals(64, wrong.status());
    assertEquals("bric: ninja: invalid option -- 'z'; see `bric ninja --help`\n", wrong.stderr());
  }

  @Test
  void bricNinjaIsANameToo() throws Exception {
    String installed = bric.bric().program().resolveSibling("bric-ninja").toString();
    assertEquals("1.11.1\n", succeeds(installed + " --version"));
  }

  @Test
  void foldersAreEnteredAsNinjaDoes() throws Exception {
    manifest();
    assertEquals("ninja: Entering directory `.'\n[1/1] touch a\n", succeeds("$NINJA -C . a"));
    assertEquals("", succeeds("$NINJA -C . --quiet a"));
    assertEquals(
        "ninja: Entering directory `.'\nninja: no work to do.\n", succeeds("$NINJA a -C."));
    assertEquals("phony\nr\n", succeeds("$NINJA -C . -t rules"));
  }

  @Test
  void theStatusLineIsTheUsers() throws Exception {
    manifest();
    assertEquals("<1 of 1>touch a\n", succeeds("NINJA_STATUS='<%f of %t>' $NINJA a"));
    Files.delete(checkout.root().resolve("a"));
    Bric.Outcome wrong = shell("NINJA_STATUS=%z $NINJA a");
    assertEquals(1, wrong.status());
    assertEquals("ninja: fatal: unknown placeholder '%z' in $NINJA_STATUS\n", wrong.stderr());
  }

  @Test
  void cleanedIsBroughtBack() throws Exception {
    manifest();
    succeeds("$NINJA");
    assertEquals("Cleaning... 2 files.\n", succeeds("$NINJA -t clean"));
    assertFalse(Files.exists(checkout.root().resolve("d/c")));
    assertEquals("[1/2] touch a\n[2/2] touch d/c\n", succeeds("$NINJA"));
    assertEquals("ninja: no work to do.\n", succeeds("/usr/bin/ninja -n -d explain"));
  }

  @Test
  void cmakeTakesItForNinja() throws Exception {
    checkout
        .write(
            "CMakeLists.txt",
            """
            cmake_minimum_required(VERSION 3.20)
            project(hello C)
            enable_testing()
            add_executable(hello main.c)
            add_test(NAME says COMMAND hello)
            install(TARGETS hello DESTINATION bin)
            """)
        .write("main.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); }\n");
    String configured = succeeds("cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -S . -B build");
    assertTrue(configured.contains("Detecting C compiler ABI info - done"), configured);
    String built = succeeds("cmake --build build --parallel 2");
    assertTrue(built.endsWith("[2/2] Linking C executable hello\n"), built);
    assertEquals("ninja: no work to do.\n", succeeds("cmake --build build"));
    succeeds("$NINJA -C build -t clean");
    assertTrue(succeeds("cmake --build build --verbose").contains(" -o hello "));
    assertEquals("hi\n", succeeds("build/hello"));
    String tested = succeeds("cd build && ctest");
    assertTrue(tested.contains("100% tests passed, 0 tests failed out of 1"), tested);
    succeeds("cmake --install build --prefix $PWD/there");
    assertEquals("hi\n", succeeds("there/bin/hello"));
    assertEquals("ninja: no work to do.\n", succeeds("/usr/bin/ninja -C build -n | tail -1"));
  }

  @Test
  void mesonTakesItForNinja() throws Exception {
    checkout
        .write(
            "meson.build",
            """
            project('hello', 'c')
            hello = executable('hello', 'main.c')
            test('says', hello)
            """)
        .write("main.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); }\n");
    String configured = succeeds("meson setup build");
    assertTrue(configured.contains("Found ninja-1.11.1 at " + ninja), configured);
    String compiled = succeeds("meson compile -C build");
    assertTrue(compiled.contains("Linking target hello"), compiled);
    assertEquals("hi\n", succeeds("build/hello"));
    assertEquals(
        "ninja: Entering directory `build'\nninja: no work to do.\n", succeeds("$NINJA -C build"));
    assertTrue(Files.exists(checkout.root().resolve("build/compile_commands.json")));
    String tested = succeeds("meson test -C build");
    assertTrue(tested.contains("Fail:               0"), tested);
  }
}

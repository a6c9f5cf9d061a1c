package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code bric ninja --shared-path} in checkouts at different paths. */
@Timeout(180)
final class NinjaSharedPathTest {
  private static final String MAIN =
      """
      #include <stdio.h>
      #include "gen.h"
      const char *greet(void);
      int main(void) { printf("%s %s\\n", greet(), NAME); }
      """;
  private static final String GREET = "const char *greet(void) { return \"hi\"; }\n";

  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  /** Builds with {@code --shared-path}, and gives the outputs of the edges that ran. */
  private static List<String> ran(Path build, String... words) throws Exception {
    Bric.Outcome outcome =
        bric.run(
            build,
            Stream.concat(Stream.of("ninja", "--shared-path"), Stream.of(words))
                .toArray(String[]::new));
    assertEquals(0, outcome.status(), outcome::toString);
    JsonObject last = bric.log().getFirst();
    assertEquals(build.toRealPath().toString(), last.get("directory").getAsString());
    return StreamSupport.stream(last.getAsJsonArray("tools").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(edge -> edge.get("answer").getAsString().equals("ran"))
        .map(edge -> Path.of(edge.getAsJsonArray("outputs").get(0).getAsString()))
        .map(output -> output.getFileName().toString())
        .sorted()
        .toList();
  }

  private static void plainNinjaHasNothingToDo(Path build) throws Exception {
    assertEquals("ninja: no work to do.\n", Host.succeeds(build, "ninja", "-n", "-d", "explain"));
  }

  private static Checkout sources(String file, String text) throws Exception {
    return bric.checkout()
        .write(file, text)
        .write("name.txt", "#define NAME \"one\"\n")
        .write("greet.c", GREET)
        .write("main.c", MAIN);
  }

  /** Built in one, it is known in the other; an edit there runs what rests on it. */
  private static void isShared(Path first, Checkout checkout, Path second, List<String> edited)
      throws Exception {
    assertTrue(ran(first).size() >= 5);
    plainNinjaHasNothingToDo(first);
    assertEquals(List.of(), ran(second));
    assertEquals("hi one\n", Host.succeeds(second, "./hello"));
    plainNinjaHasNothingToDo(second);
    checkout.write("greet.c", GREET.replace("hi", "ho"));
    assertEquals(edited, ran(second));
    assertEquals("ho one\n", Host.succeeds(second, "./hello"));
    plainNinjaHasNothingToDo(second);
    Bric.Outcome again = bric.run(second, "ninja", "--shared-path");
    assertEquals("ninja: no work to do.\n", again.stdout() + again.stderr());
  }

  @Test
  void aProjectOfCmake() throws Exception {
    String cmake =
        """
        cmake_minimum_required(VERSION 3.20)
        project(hello C)
        add_library(greet STATIC greet.c)
        add_custom_command(OUTPUT gen.h
          COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/name.txt ${CMAKE_BINARY_DIR}/gen.h
          DEPENDS name.txt)
        add_executable(hello main.c gen.h)
        target_include_directories(hello PRIVATE ${CMAKE_BINARY_DIR})
        target_link_libraries(hello greet)
        """;
    List<Checkout> checkouts =
        List.of(sources("CMakeLists.txt", cmake), sources("CMakeLists.txt", cmake));
    for (Checkout checkout : checkouts) {
      Host.succeeds(checkout.root(), "cmake", "-G", "Ninja", "-S", ".", "-B", "build");
    }
    isShared(
        checkouts.getFirst().root().resolve("build"),
        checkouts.getLast(),
        checkouts.getLast().root().resolve("build"),
        List.of("greet.c.o", "hello", "libgreet.a"));
  }

  @Test
  void aProjectOfMeson() throws Exception {
    String meson =
        """
        project('hello', 'c')
        gen = custom_target('gen', input: 'name.txt', output: 'gen.h',
          command: ['cp', '@INPUT@', '@OUTPUT@'])
        greet = static_library('greet', 'greet.c')
        executable('hello', 'main.c', gen, link_with: greet)
        """;
    List<Checkout> checkouts =
        List.of(sources("meson.build", meson), sources("meson.build", meson));
    for (Checkout checkout : checkouts) {
      Host.succeeds(checkout.root(), "meson", "setup", "build");
    }
    isShared(
        checkouts.getFirst().root().resolve("build"),
        checkouts.getLast(),
        checkouts.getLast().root().resolve("build"),
        List.of("greet.c.o", "hello", "libgreet.a"));
  }

  private static final String MANIFEST =
      """
      rule sh
        command = sh look.sh > $out
        description = LOOK
      build out: sh
      """;

  private static Checkout looking(String script) throws Exception {
    return bric.checkout().write("build.ninja", MANIFEST).write("look.sh", script);
  }

  private static String looked(Checkout checkout) throws Exception {
    ran(checkout.root());
    return checkout.read("out");
  }

  /** What no command says, but a file: the checkout it came from is not there in a clone. */
  @Test
  void aScriptThatNamesItsCheckoutIsNotAnsweredFromThere() throws Exception {
    Checkout first = looking("");
    Path root = first.root().toRealPath();
    String script = "cat %s/data 2>/dev/null || echo none\n".formatted(root);
    first.write("look.sh", script).write("data", "one\n");
    assertEquals("one\n", looked(first));
    Checkout second = looking(script).write("data", "two\n");
    assertEquals("none\n", looked(second));
    first.write("data", "three\n");
    assertEquals("three\n", looked(first));
  }

  /** And one that names where the clone will be. */
  @Test
  void aScriptThatLooksForTheCloneIsRunAgainThere() throws Exception {
    Checkout second = looking("");
    Path root = second.root().toRealPath();
    String script =
        "cat %s/data 2>/dev/null || echo none; test -d %s; echo $?; ls %s | wc -l; readlink %s\n"
                .formatted(root, root, root.getParent(), root)
            + "true\n";
    assertEquals("none\n1\n1\n", looked(looking(script).write("data", "one\n")));
    second.write("look.sh", script).write("data", "two\n");
    assertEquals("two\n0\n1\n/build\n", looked(second));
  }

  /** The checkout's own path leads to the workspace, for what was written into files. */
  @Test
  void theCheckoutsOwnPathLeadsThere() throws Exception {
    Checkout checkout = bric.checkout();
    Path root = checkout.root().toRealPath();
    checkout
        .write(
            "build.ninja",
            """
            rule sh
              command = sh $in $out
            build made: sh make.sh
            build out: sh copy.sh
            """)
        .write("make.sh", "pwd; echo made > $1; ln -s %s/made link\n".formatted(root))
        // Nobody says that it needs what the other edge makes.
        .write("copy.sh", "cat %s/made > $1\n".formatted(root));
    Bric.Outcome outcome = bric.run(checkout.root(), "ninja", "--shared-path", "-j1");
    assertEquals(0, outcome.status(), outcome::toString);
    assertTrue(outcome.stdout().contains("\n" + root + "\n"), outcome::stdout);
    assertEquals("made\n", checkout.read("out"));
    assertEquals(root.resolve("made"), Files.readSymbolicLink(checkout.root().resolve("link")));
  }

  @Test
  void theSettingsSaySo() throws Exception {
    Checkout checkout =
        looking("pwd -P | cut -c 1-6\n").write("bric.toml", "[ninja]\nshared-path = true\n");
    assertEquals(0, checkout.ninja().status());
    assertEquals("/build\n", checkout.read("out"));
    checkout.write("bric.toml", "[ninja]\nshared-path = 1\n");
    Bric.Outcome wrong = checkout.ninja();
    assertEquals(
        "bric: %s/bric.toml:2:1: ninja.shared-path must be true or false, without quotes\n"
            .formatted(checkout.root().toRealPath()),
        wrong.stderr());
    checkout.write("bric.toml", "[ninja]\nshard-path = true\n");
    assertTrue(
        checkout
            .ninja()
            .stderr()
            .endsWith("no such key: ninja.shard-path; did you mean ninja.shared-path?\n"));
  }
}

package dev.bricolage.fronts.ninja.deps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.text.CanonicalPath;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.testkit.gen.Dice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Depfiles and compiler output, read by ninja's own deps log and by us. */
final class DepsBesideNinjaTest {
  private static final int CASES = Integer.getInteger("bric.ninja.cases", 300) / 3;

  @TempDir Path temporary;
  private RealNinja ninja;

  @BeforeEach
  void writeManifest() throws IOException {
    ninja = new RealNinja(temporary);
    ninja.write(
        "build.ninja",
        """
        rule gcc
          command = cp in out.d && touch $out
          deps = gcc
          depfile = out.d
        rule msvc
          command = cat in && touch $out
          deps = msvc
        build gcc: gcc in
        build msvc: msvc in
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "out: a\\ b c\\\\ d e\\\\\\ f g\\#h i\\:j k\\\\:l m\\xn o$$p q$r s\\\\\nt\n",
        "out: a\\\n b\\\r\n c\r\nx: d",
        "out",
        "a b\\: c: d e\\:\tf:",
        "out: a\na: b\n",
        "out: a\na:\nb: \\\n",
        " : a \n",
        "out: ../x/./y out: z\u00e9 $ $$ \\",
        "out: C:\\a\\b.h \"q\" 'x' a&b a;b a|b {}()[]!@%+=~^?*<>,-\n",
      })
  void depfilesByHand(String text) throws Exception {
    compareDepfile(text);
  }

  @Test
  void depfilesByChance() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      Dice dice = new Dice(seed);
      StringBuilder text = new StringBuilder("out:");
      for (int i = dice.between(1, 30); i > 0; i--) {
        text.append(
            dice.of(
                " ", " ", "\n", "\\\n", "\\", "\\\\", ":", "\\:", "#", "\\#", "$", "$$", "a", "b/c",
                "\r\n", "\r", "\t", "out", "d:", "..", "./e", "\u00fc", "%", "\\ ", "\"", "|"));
      }
      compareDepfile(text.toString());
    }
  }

  @Test
  void compilerOutputByChance() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      Dice dice = new Dice(seed);
      StringBuilder text = new StringBuilder();
      for (int i = dice.between(1, 8); i > 0; i--) {
        text.append(
            dice.of(
                "foo.c",
                "foo.CPP",
                "x.c++",
                "x.cxx",
                "a.cc",
                "warning in a.h",
                "",
                "Note: including file: a.h",
                "Note: including file:    ./d/../b.h",
                "Note: including file: ",
                "Note: including file:",
                "Note: including file: x.c",
                "Note: including file: C:/Program Files/w.h",
                "Note: including file: /microsoft VISUAL studio/w.h",
                " foo.c "));
        text.append(dice.of("\n", "\n", "\r\n", "\r", "\n\n", ""));
      }
      compareOutput(text.toString());
    }
  }

  private void compareDepfile(String text) throws Exception {
    ninja.write("in", text);
    forget();
    RealNinja.Result result = ninja.run("gcc");
    String expected =
        result.status() == 0 ? known("gcc").toString() : result.out().lines().toList().get(3);
    String actual;
    try {
      List<String> inputs = new ArrayList<>();
      for (String input : Depfile.parse(text.getBytes(UTF_8)).inputs()) {
        inputs.add(CanonicalPath.of(input));
      }
      actual = inputs.toString();
    } catch (NinjaError e) {
      actual = e.text();
    }
    assertEquals(expected, actual, () -> "depfile: " + text);
  }

  private void compareOutput(String text) throws Exception {
    ninja.write("in", text);
    forget();
    RealNinja.Result result = ninja.run("msvc");
    assertEquals(0, result.status(), result.out());
    ShowIncludes ours = ShowIncludes.parse(text.getBytes(UTF_8), "");
    assertEquals(known("msvc"), ours.includes(), () -> "output: " + text);
    String header = result.out().lines().findFirst().orElseThrow() + "\n";
    assertEquals(
        result.out().substring(header.length()),
        new String(ours.rest(), UTF_8),
        () -> "output: " + text);
  }

  private void forget() throws IOException {
    for (String file : List.of(".ninja_log", ".ninja_deps", "gcc", "msvc")) {
      Files.deleteIfExists(ninja.folder().resolve(file));
    }
  }

  private List<String> known(String output) throws Exception {
    return ninja
        .run("-t", "deps", output)
        .out()
        .lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .map(line -> line.substring(4))
        .toList();
  }
}

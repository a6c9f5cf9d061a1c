package dev.bricolage.fronts.ninja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.NinjaWords.Reading;
import dev.bricolage.fronts.ninja.NinjaWords.Telling;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.tool.Subtool;
import dev.bricolage.testkit.gen.Dice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** We understand words as ninja does. {@code -Dbric.ninja.cases=5000} tries more of them. */
final class WordsBesideNinjaTest {
  private static final int CASES = Integer.getInteger("bric.ninja.cases", 300);
  private static final int SEED = Integer.getInteger("bric.ninja.seed", 1);
  private static final List<String> PIECES =
      List.of(
          "-j",
          "-j4",
          "-j0",
          "-jx",
          "4",
          "0",
          "-1",
          "-k",
          "-k0",
          "-k 2",
          "-ky",
          "-l",
          "-l2.5",
          "-lz",
          "1e3",
          "-v",
          "-vn",
          "-nv",
          "-nj3",
          "-nz",
          "-z",
          "-",
          "--",
          "--v",
          "--verb",
          "--version",
          "--quiet",
          "--q",
          "--quiet=1",
          "--nothing",
          "--h",
          "-h",
          "-C",
          "-C.",
          "-Cnowhere",
          ".",
          "-d",
          "-dexplain",
          "-dlist",
          "stats",
          "-dstat",
          "-w",
          "-wlist",
          "phonycycle=err",
          "-wdupbuild=x",
          "-f",
          "build.ninja",
          "-fbuild.ninja",
          "-t",
          "-tlist",
          "-trules",
          "-ntrules",
          "rules",
          "rul",
          "a",
          "b",
          "c",
          "a^",
          "",
          "none");

  @TempDir Path temporary;
  private RealNinja ninja;

  @BeforeEach
  void writeManifest() throws IOException {
    ninja = new RealNinja(temporary);
    ninja.write(
        "build.ninja",
        """
        rule r
          command = touch $out
        build one_of_a: r a
        build b: r
        build c: r
        """);
    ninja.write("a", "");
  }

  private static Reading read(String... words) {
    return NinjaWords.ofNinja(List.of(words), 4);
  }

  private static NinjaWords asked(String... words) {
    return ((Reading.Asked) read(words)).words();
  }

  @Test
  void everyOption() {
    NinjaWords words =
        asked(
            "x",
            "-Cdir",
            "-f",
            "other",
            "-j3",
            "-vn",
            "-k",
            "0",
            "-l1.5",
            "-d",
            "stats",
            "-dexplain",
            "-wphonycycle=err",
            "y",
            "--",
            "-z");
    assertEquals(
        new NinjaWords(
            Optional.of("dir"),
            "other",
            3,
            0,
            1.5,
            true,
            Telling.VERBOSE,
            false,
            false,
            false,
            Set.of(DebugMode.STATS, DebugMode.EXPLAIN),
            new Choices(true, true),
            Optional.empty(),
            List.of("x", "y", "-z"),
            List.of(),
            Optional.empty(),
            List.of()),
        words);
  }

  @Test
  void withoutOptions() {
    NinjaWords words = asked();
    assertEquals(6, words.jobs());
    assertEquals(1, words.keepGoing());
    assertEquals("build.ninja", words.file());
    assertEquals(Telling.USUAL, words.telling());
    assertEquals(Telling.QUIET, asked("-v", "--quiet").telling());
  }

  @Test
  void aToolTakesAllWordsBehindIt() {
    NinjaWords words = asked("lost", "-v", "-t", "clean", "-g", "x");
    assertEquals(Optional.of(Subtool.CLEAN), words.tool());
    assertEquals(List.of("-g", "x"), words.rest());
  }

  @Test
  void ourOwnOptionsAreNotNinjas() {
    List<String> words = List.of("--fresh", "--color=never");
    assertEquals(new Reading.Misused("unrecognized option '--fresh'"), read("--fresh"));
    NinjaWords ours = ((Reading.Asked) NinjaWords.ofBric(words, 1, Map.of())).words();
    assertTrue(ours.fresh());
    assertEquals(Optional.of("never"), ours.color());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-j x",
        "-j -1",
        "-j 1x",
        "-k x",
        "-l x",
        "-z",
        "--nope",
        "--ver",
        "--v",
        "-C",
        "-t",
        "--quiet=3",
        "-t nothing",
        "-t clen",
        "-d nope",
        "-d stat",
        "-w nope",
        "-w phonycycle=er",
        "-nvz",
        "-j",
        "-w dupbuild"
      })
  void whatIsWrongIsToldInTheSameWords(String words) throws Exception {
    RealNinja.Result theirs = ninja.run(words.split(" "));
    assertEquals(
        theirs.err().lines().findFirst().orElseThrow(),
        complaint(read(words.split(" "))).lines().findFirst().orElseThrow());
    assertEquals(1, theirs.status());
  }

  private static String complaint(Reading reading) {
    return switch (reading) {
      case Reading.Answered(int status, String out, String err) -> err;
      case Reading.Misused(String complaint) -> "ninja: " + complaint;
      case Reading.Help() -> "usage: ninja [options] [targets...]";
      case Reading.Asked(NinjaWords words) -> "";
    };
  }

  @Test
  void listsNameTheSame() throws Exception {
    for (String option : List.of("-t", "-d")) {
      Reading.Answered ours = (Reading.Answered) read(option, "list");
      RealNinja.Result theirs = ninja.run(option, "list");
      assertEquals(theirs.status(), ours.status());
      List<String> names = new ArrayList<>(names(theirs.out()));
      if (option.equals("-d")) {
        names.add("missingdeps"); // ours alone; ninja has a tool of that name
      }
      assertEquals(names, names(ours.out()));
    }
  }

  private static List<String> names(String list) {
    return list.lines()
        .filter(line -> line.startsWith(" "))
        .map(line -> line.strip().replaceFirst(" .*", ""))
        .toList();
  }

  @Test
  void wordsByChance() throws Exception {
    int understood = 0;
    for (int seed = SEED; seed < SEED + CASES; seed++) {
      Dice dice = new Dice(seed);
      List<String> words = new ArrayList<>(List.of("-n"));
      for (int i = dice.between(1, 5); i > 0; i--) {
        words.add(dice.of(PIECES));
      }
      understood += compare(words, seed) ? 1 : 0;
    }
    assertTrue(understood > CASES / 10, understood + " of " + CASES + " were understood");
  }

  /** Whether there was something to build. */
  private boolean compare(List<String> words, int seed) throws Exception {
    String what = "seed " + seed + ": " + words;
    RealNinja.Result theirs = ninja.run(words.toArray(String[]::new));
    switch (NinjaWords.ofNinja(words, 4)) {
      case Reading.Asked(NinjaWords asked) -> {
        if (asked.tool().isEmpty()) {
          assertEquals(expected(asked), told(theirs), what);
          return theirs.status() == 0;
        }
        boolean optionsOfTheTool = asked.rest().stream().anyMatch(word -> word.startsWith("-"));
        if (!optionsOfTheTool) {
          assertEquals(toldOfRules(asked), told(theirs), what);
        }
      }
      case Reading other -> {
        int status = other instanceof Reading.Answered answered ? answered.status() : 1;
        String first = complaint(other).lines().findFirst().orElse("");
        assertEquals(first, theirs.err().lines().findFirst().orElse(""), what);
        assertEquals(status, theirs.status(), what);
      }
    }
    return false;
  }

  /** What a dry run of these words comes to: the folder, and the targets in their order. */
  private static String expected(NinjaWords asked) {
    StringBuilder told = new StringBuilder();
    boolean quiet = asked.telling() == Telling.QUIET;
    if (asked.directory().isPresent() && !quiet) {
      told.append("ninja: Entering directory `" + asked.directory().get() + "'\n");
    }
    String folder = asked.directory().orElse(".");
    if (!folder.equals(".")) {
      return told + chdir(folder);
    }
    if (!asked.file().equals("build.ninja")) {
      return told + "loading failed\n";
    }
    Optional<String> bad =
        asked.rest().stream()
            .filter(word -> !List.of("a", "b", "c", "a^").contains(word))
            .findFirst();
    if (bad.isPresent()) {
      return told + (bad.get().isEmpty() ? "ninja: error: empty path\n" : "unknown target\n");
    }
    if (!quiet) {
      told.append(edges(asked.rest()));
    }
    return told.toString();
  }

  private static String chdir(String folder) {
    String reason = folder.equals("a") ? "Not a directory" : "No such file or directory";
    return "ninja: fatal: chdir to '" + folder + "' - " + reason + "\n";
  }

  private static String toldOfRules(NinjaWords asked) {
    String folder = asked.directory().orElse(".");
    if (!folder.equals(".")) {
      return chdir(folder);
    }
    return asked.file().equals("build.ninja") ? "" : "loading failed\n";
  }

  private static String edges(List<String> targets) {
    Stream<String> made =
        targets.isEmpty()
            ? Stream.of("one_of_a", "b", "c")
            : targets.stream()
                .filter(target -> !target.equals("a"))
                .map(target -> target.equals("a^") ? "one_of_a" : target);
    List<String> lines = made.distinct().sorted().map(target -> "touch " + target + "\n").toList();
    return lines.isEmpty() ? "ninja: no work to do.\n" : String.join("", lines);
  }

  private static String told(RealNinja.Result result) {
    if (result.err().contains("unknown target")) {
      return result.out() + "unknown target\n";
    }
    if (result.err().contains("error: loading")) {
      return result.out() + "loading failed\n";
    }
    List<String> edges =
        result
            .out()
            .lines()
            .filter(line -> line.startsWith("["))
            .map(line -> line.replaceFirst("^[^ ]* ", "") + "\n")
            .sorted()
            .toList();
    String rest =
        result
            .out()
            .lines()
            .filter(line -> line.startsWith("ninja: "))
            .map(line -> line + "\n")
            .reduce("", String::concat);
    return rest + String.join("", edges) + fatal(result.err());
  }

  private static String fatal(String err) {
    return err.lines()
        .filter(line -> line.startsWith("ninja: ") && !line.contains("explain"))
        .map(line -> line + "\n")
        .reduce("", String::concat);
  }
}

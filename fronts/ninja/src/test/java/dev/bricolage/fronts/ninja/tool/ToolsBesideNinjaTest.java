package dev.bricolage.fronts.ninja.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each tool in a folder that ninja built, beside ninja's own in another one. */
final class ToolsBesideNinjaTest {
  private static final String MANIFEST =
      """
      builddir = logs
      rule r
        command = touch $out
      rule cc
        command = cp $in $out && echo "$out: $in x.h" > $out.d
        description = CC $out
        deps = gcc
        depfile = $out.d
      rule gen
        command = touch $out
        generator = 1
      rule dd
        command = cp $in $out && echo "$out: $in a" > $out.d
        depfile = $out.d
      rule rsp
        command = cat $out.rsp > $out && touch h
        rspfile = $out.rsp
        rspfile_content = $in
      rule dyn
        command = touch $out extra
      rule scan
        command = cp scan.txt $out
      build a: r b || e |@ d
      build b: cc c | f
      build d: dd c
      build e: gen
      build g | h: rsp c
      build sub/k: dyn c || dyn.dd
        dyndep = dyn.dd
      build dyn.dd: scan scan.txt
      build all: phony a d g sub/k
      default all
      """;

  @TempDir Path temporary;
  private RealNinja theirs;
  private RealNinja ours;

  /** What a tool said. */
  private record Said(int status, String out, String err) {}

  @BeforeEach
  void build() throws Exception {
    theirs = new RealNinja(temporary.resolve("theirs"));
    ours = new RealNinja(temporary.resolve("ours"));
    for (RealNinja ninja : List.of(theirs, ours)) {
      ninja.write("build.ninja", MANIFEST);
      for (String source : List.of("c", "f", "x.h")) {
        ninja.write(source, source + "\n");
      }
      ninja.write("scan.txt", "ninja_dyndep_version = 1\nbuild sub/k | extra: dyndep\n");
      RealNinja.Result built = ninja.run("-j1");
      assertEquals(0, built.status(), built::toString);
    }
  }

  private Said tool(String words) throws IOException {
    List<String> all = words.isEmpty() ? List.of() : List.of(words.split(" "));
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    Bench bench =
        new Bench(
            ours.folder(), all.contains("-n"), all.contains("--verbose"), out::append, err::append);
    List<String> rest = all.subList(all.indexOf("-t") + 2, all.size());
    int status;
    try {
      Subtool tool = Subtool.named(all.get(all.indexOf("-t") + 1));
      ToolRun run = new ToolRun(tool, bench);
      status = tool.needsNoManifest() ? run.run(rest) : run.run(manifest(), rest);
    } catch (NinjaError e) {
      err.append(e.printed()).append('\n');
      status = 1;
    }
    return new Said(status, out.toString(), err.toString());
  }

  private Manifest manifest() throws NinjaError {
    return Manifest.read(
        "build.ninja",
        path -> Optional.of(Files.readAllBytes(ours.folder().resolve(path))),
        Choices.USUAL,
        warning -> {
          throw new AssertionError(warning);
        });
  }

  private Said same(String words) throws Exception {
    RealNinja.Result expected = theirs.run(words.split(" "));
    Said said = tool(words);
    assertEquals(expected.err(), said.err(), words);
    assertEquals(plain(expected.out()), plain(said.out()), words);
    assertEquals(expected.status(), said.status(), words);
    assertEquals(files(theirs), files(ours), words);
    return said;
  }

  /** Times and folders apart. */
  private static String plain(String out) {
    return out.replaceAll("mtime [0-9]+", "mtime T").replaceAll("/(theirs|ours)/", "/ours/");
  }

  /** Every file but the logs. */
  private static List<String> files(RealNinja ninja) throws IOException {
    try (Stream<Path> files = Files.walk(ninja.folder())) {
      return files
          .map(file -> ninja.folder().relativize(file).toString())
          .filter(name -> !name.contains(".ninja_"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t clean",
        "--verbose -t clean",
        "-n -t clean",
        "-t clean -g",
        "--verbose -t clean a",
        "-t clean all",
        "--verbose -t clean ./g b nothing",
        "-t clean -r",
        "--verbose -t clean -r dd cc nope",
        "--verbose -t clean -r gen",
        "-t clean nothing"
      })
  void cleaning(String words) throws Exception {
    same(words);
  }

  /** ninja 1.11 removes what a dyndep file names; its newer versions keep it, and so do we. */
  @Test
  void cleaningWhatTheManifestForgot() throws Exception {
    for (RealNinja ninja : List.of(theirs, ours)) {
      String less = MANIFEST.replace("build d: dd c\n", "").replace("a d g", "a g");
      ninja.write("build.ninja", less.replace(" |@ d", ""));
    }
    assertEquals("Cleaning... 2 files.\n", theirs.run("-t", "cleandead").out());
    assertFalse(Files.exists(theirs.folder().resolve("extra")));
    assertEquals(
        new Said(0, "Cleaning...\nRemove d\n1 files.\n", ""), tool("--verbose -t cleandead"));
    assertFalse(Files.exists(ours.folder().resolve("d")));
    assertTrue(Files.exists(ours.folder().resolve("extra")));
  }

  @Test
  void aFolderInTheWayIsToldOf() throws Exception {
    for (RealNinja ninja : List.of(theirs, ours)) {
      Files.delete(ninja.folder().resolve("g"));
      ninja.write("g/inside", "");
    }
    Said said = same("-t clean");
    assertEquals("ninja: error: remove(g): Directory not empty\n", said.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t deps",
        "-t deps a b",
        "-t deps nope",
        "-t query a b",
        "-t query",
        "-t query a nope",
        "-t targets",
        "-t targets all",
        "-t targets rule",
        "-t targets rule cc",
        "-t targets depth x",
        "-t targets depth 2",
        "-t targets nope",
        "-t commands",
        "-t commands -s a d",
        "-t inputs a",
        "-t rules",
        "-t rules -d",
        "-t compdb cc",
        "-t compdb -x",
        "-t missingdeps a"
      })
  void looking(String words) throws Exception {
    same(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"clean -z", "commands -z", "rules -gz", "compdb -y", "restat -x", "inputs -q"})
  void lettersThatAreNone(String words) throws Exception {
    RealNinja.Result expected = theirs.run(("-t " + words).split(" "));
    Said said = tool("-t " + words);
    assertEquals(expected.err(), said.err());
    assertEquals(expected.status(), said.status());
    assertTrue(said.out().startsWith("usage: ninja -t "), said::out);
  }

  @Test
  void missingDeps() throws Exception {
    RealNinja.Result expected = theirs.run("-t", "missingdeps");
    Said said = tool("-t missingdeps");
    assertEquals(3, expected.status());
    assertEquals(3, said.status());
    assertEquals(expected.out().lines().limit(3).toList(), said.out().lines().limit(3).toList());
    assertEquals("Missing dep: d uses a (generated by r)", said.out().lines().toList().getFirst());
  }

  @Test
  void graphs() throws Exception {
    for (String target : List.of("a", "d g", "e", "b", "sub/k", "all")) {
      String words = "-t graph " + target;
      assertEquals(
          numbered(theirs.run(words.split(" ")).out()), numbered(tool(words).out()), words);
    }
  }

  /** With nodes named by their order. */
  private static String numbered(String graph) {
    Map<String, String> names = new HashMap<>();
    Matcher matcher = Pattern.compile("\"(0x[0-9a-f]+|[pe][0-9]+)\"").matcher(graph);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String name = names.computeIfAbsent(matcher.group(), unknown -> "n" + names.size());
      matcher.appendReplacement(out, name);
    }
    return matcher.appendTail(out).toString();
  }

  @Test
  void restat() throws Exception {
    for (RealNinja ninja : List.of(theirs, ours)) {
      String log = Files.readString(ninja.folder().resolve("logs/.ninja_log"));
      ninja.write(".ninja_log", log.replaceAll("\t[0-9]{19}\t", "\t5\t"));
      Files.delete(ninja.folder().resolve("g"));
    }
    same("-t restat a g");
    assertEquals(times(theirs), times(ours));
    assertEquals("now", times(ours).get("a"));
    assertEquals("0", times(ours).get("g"));
    assertEquals("5", times(ours).get("d"));
    same("-t restat");
    assertEquals(times(theirs), times(ours));
    assertEquals("now", times(ours).get("d"));
  }

  /** What the log in the folder says of outputs' times. */
  private static Map<String, String> times(RealNinja ninja) throws IOException {
    Map<String, String> times = new TreeMap<>();
    for (String line : Files.readAllLines(ninja.folder().resolve(".ninja_log"))) {
      String[] fields = line.split("\t", -1);
      if (fields.length == 5) {
        times.put(fields[3], fields[2].length() == 19 ? "now" : fields[2]);
      }
    }
    return times;
  }

  @Test
  void recompact() throws Exception {
    for (RealNinja ninja : List.of(theirs, ours)) {
      ninja.write("build.ninja", MANIFEST.replace("build b: cc c | f\n", "build b: r c\n"));
      String log = Files.readString(ninja.folder().resolve("logs/.ninja_log"));
      ninja.write("logs/.ninja_log", log + "1\t2\t3\tgone\tabc\n" + "1\t2\t3\tx.h\tabc\n");
    }
    same("-t recompact");
    String log = Files.readString(ours.folder().resolve("logs/.ninja_log"));
    assertFalse(log.contains("gone"), log);
    assertTrue(log.contains("x.h"), log);
    assertEquals("", theirs.run("-t", "deps").out());
    assertEquals("", tool("-t deps").out());
    assertEquals("ninja: no work to do.\n", oursByNinja());
  }

  private String oursByNinja() throws Exception {
    ours.write("build.ninja", MANIFEST.replace("build b: cc c | f\n", "build b: r c\n"));
    Files.setLastModifiedTime(
        ours.folder().resolve("b"), Files.getLastModifiedTime(ours.folder().resolve("a")));
    assertEquals(0, ours.run().status());
    return ours.run("-n").out();
  }
}

package dev.bricolage.fronts.ninja.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.ManifestMaker;
import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.manifest.ManifestFiles;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.testkit.Chunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What we make of a manifest is what ninja makes of it. {@code -Dbric.ninja.cases=5000} tries more
 * of those by chance, {@code -Dbric.ninja.seed=7} begins with another seed.
 */
final class ManifestsBesideNinjaTest {
  private static final int CASES = Integer.getInteger("bric.ninja.cases", 300);
  private static final int SEED = Integer.getInteger("bric.ninja.seed", 1);

  /** What a tool prints, or what it complains of. */
  @FunctionalInterface
  private interface Tool {
    String print(Manifest manifest) throws NinjaError;
  }

  @TempDir Path temporary;

  static List<Chunk> chunks() throws IOException {
    return Chunk.read(ManifestsBesideNinjaTest.class, "/ninja/syntax.ninja");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void weComplainAsNinjaDoes(Chunk chunk) throws Exception {
    String manifest =
        chunk.text().replace("<END>\n", "").replace("<TAB>", "\t").replace("<CR>", "\r");
    RealNinja ninja = new RealNinja(temporary);
    ninja.write("build.ninja", manifest);

    String ours = complaint(files(ninja.folder()), ManifestTool::targetsAll);

    assertEquals(ninja.run("-t", "targets", "all").err(), ours);
    String first = ours.lines().findFirst().orElse("");
    assertEquals(
        chunk.expected(),
        first.replaceFirst("^ninja: [a-z]+: (build.ninja:[0-9]+: )?", ""),
        manifest);
  }

  @Test
  void theSpecsExpectationsAreFound() throws IOException {
    assertTrue(chunks().stream().filter(chunk -> !chunk.expected().isEmpty()).count() > 50);
  }

  @Test
  void manifestsByChance() throws Exception {
    for (int seed = SEED; seed < SEED + CASES; seed++) {
      Path folder = temporary.resolve("seed" + seed);
      RealNinja ninja = new RealNinja(folder);
      for (Map.Entry<String, String> file : ManifestMaker.files(seed).entrySet()) {
        ninja.write(file.getKey(), file.getValue());
      }
      compare(ninja, seed);
    }
  }

  private static void compare(RealNinja ninja, int seed) throws Exception {
    ManifestFiles files = files(ninja.folder());
    String directory = ninja.folder().toRealPath().toString();
    same(ninja, files, seed, ManifestTool::targetsAll, "-t", "targets", "all");
    same(
        ninja,
        files,
        seed,
        m -> ManifestTool.commands(m, Targets.of(m, List.of()), false),
        "-t",
        "commands");
    same(ninja, files, seed, m -> ManifestTool.inputs(m, Targets.of(m, List.of())), "-t", "inputs");
    same(
        ninja,
        files,
        seed,
        m -> ManifestTool.compdb(m, directory, List.of(), true),
        "-t",
        "compdb",
        "-x");
    same(ninja, files, seed, m -> ManifestTool.rules(m, true), "-t", "rules", "-d");
    same(ninja, files, seed, ManifestTool::sources, "-t", "targets", "rule");
    same(ninja, files, seed, m -> ManifestTool.targetsToDepth(m, 3), "-t", "targets", "depth", "3");
    // Having dropped a phony edge's input, ninja miscounts which of the others are for order only.
    if (!ninja.run("-t", "targets", "all").err().contains("names itself as an input")) {
      same(
          ninja, files, seed, m -> ManifestTool.query(m, Targets.of(m, "o1")), "-t", "query", "o1");
    }
  }

  private static void same(
      RealNinja ninja, ManifestFiles files, int seed, Tool tool, String... words) throws Exception {
    RealNinja.Result theirs = ninja.run(words);
    StringBuilder printed = new StringBuilder();
    String ours =
        complaint(
            files,
            manifest -> {
              printed.append(tool.print(manifest));
              return "";
            });
    String what = "seed " + seed + ": " + String.join(" ", words);
    assertEquals(theirs.err(), ours, what);
    if (theirs.status() == 0) {
      assertEquals(theirs.out(), printed.toString(), what);
    }
  }

  private static String complaint(ManifestFiles files, Tool tool) {
    StringBuilder err = new StringBuilder();
    try {
      tool.print(
          Manifest.read(
              "build.ninja",
              files,
              Choices.USUAL,
              warning -> err.append("ninja: warning: ").append(warning).append('\n')));
    } catch (NinjaError e) {
      err.append(e.printed()).append('\n');
    }
    return err.toString();
  }

  private static ManifestFiles files(Path folder) {
    return name -> {
      Path file = folder.resolve(name);
      if (name.isEmpty() || !Files.exists(file)) {
        return Optional.empty();
      }
      if (Files.isDirectory(file)) {
        throw new IOException("Is a directory");
      }
      return Optional.of(Files.readAllBytes(file));
    };
  }
}

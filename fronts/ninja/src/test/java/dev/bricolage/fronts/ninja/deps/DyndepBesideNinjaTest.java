package dev.bricolage.fronts.ninja.deps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.testkit.Chunk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DyndepBesideNinjaTest {
  private static final String MANIFEST =
      """
      rule touch
        command = touch $out
      build out: touch || dd
        dyndep = dd
      build out2: touch || dd
        dyndep = dd
      build free: touch
      """;

  @TempDir Path temporary;

  static List<Chunk> chunks() throws IOException {
    return Chunk.read(DyndepBesideNinjaTest.class, "/ninja/dyndep.ninja");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void weComplainAsNinjaDoes(Chunk chunk) throws Exception {
    String text = chunk.text();
    RealNinja ninja = new RealNinja(temporary);
    ninja.write("build.ninja", MANIFEST);
    ninja.write("dd", text);
    for (String input : List.of("in 1", "y", "a")) {
      ninja.write(input, "");
    }

    String ours = complaint(text);

    assertEquals(ninja.run("-n", "out").err().strip(), ours.strip(), text);
    String first = ours.lines().findFirst().orElse("");
    assertEquals(chunk.expected(), first.replaceFirst("^ninja: error: (dd:[0-9]+: )?", ""));
  }

  @Test
  void whatAFileAddsIsThere() throws Exception {
    DyndepFile file =
        DyndepFile.parse("dd", chunks().getFirst().text().getBytes(UTF_8), manifest());
    assertEquals(
        Map.of(
            0, new Dyndep(List.of(), List.of(), false),
            1, new Dyndep(List.of(), List.of("in 1", "y"), true)),
        file.edges());
  }

  private static String complaint(String text) throws NinjaError {
    Manifest manifest = manifest();
    try {
      DyndepFile.parse("dd", text.getBytes(UTF_8), manifest)
          .check(manifest, manifest.findPath("dd"));
      return "";
    } catch (NinjaError e) {
      return e.printed();
    }
  }

  private static Manifest manifest() throws NinjaError {
    return Manifest.read(
        "build.ninja", _ -> Optional.of(MANIFEST.getBytes(UTF_8)), Choices.USUAL, _ -> {});
  }
}

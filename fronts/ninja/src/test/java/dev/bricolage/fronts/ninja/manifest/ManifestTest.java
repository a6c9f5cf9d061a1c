package dev.bricolage.fronts.ninja.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ManifestTest {
  private final List<String> warnings = new ArrayList<>();

  @Test
  void everyPartOfAnEdgeIsThere() throws NinjaError {
    Edge edge =
        read("""
        pool link
          depth = 2
        rule cc
          command = cc $flags -c $in -o $out
          description = CC $out
          depfile = $out.d
          pool = link
        flags = -O
        build out/a.o b.o | a.su: cc a.c ./x/../b.c | h$ 1.h || gen |@ check
          flags = $flags -g
        """)
            .edge(0);
    Manifest manifest = edge.manifest();
    assertEquals("cc", edge.ruleName());
    assertEquals(List.of("a.c", "b.c"), manifest.paths(edge.explicitInputs()));
    assertEquals(List.of("h 1.h"), manifest.paths(edge.implicitInputs()));
    assertEquals(List.of("gen"), manifest.paths(edge.orderOnlyInputs()));
    assertEquals(List.of("out/a.o", "b.o"), manifest.paths(edge.explicitOutputs()));
    assertEquals(List.of("a.su"), manifest.paths(edge.implicitOutputs()));
    assertEquals(List.of("check"), manifest.paths(edge.validations()));
    assertEquals(new Pool("link", 2), edge.pool());
    assertEquals("cc -O -g -c a.c b.c -o out/a.o b.o", edge.command());
    assertEquals("CC out/a.o b.o", edge.description());
    assertEquals("out/a.o b.o.d", edge.depfile());
    assertEquals(0, manifest.producer(manifest.findPath("a.su")));
    assertEquals(Manifest.NONE, manifest.producer(manifest.findPath("a.c")));
    assertEquals(List.of(0L), asLongs(manifest.consumers(manifest.findPath("h 1.h"))));
    assertEquals(0, manifest.consumers(manifest.findPath("check")).size());
    assertEquals(List.of("out/a.o", "b.o", "a.su"), manifest.paths(manifest.defaultTargets()));
  }

  @Test
  void aCommandSeesTheFilesVariablesAsTheyAreInTheEnd() throws NinjaError {
    Manifest manifest =
        read(
            """
            x = early
            rule r
              command = $x $y
            build a: r
              y = $x
            x = late
            build b: r
            """);
    assertEquals("late early", manifest.edge(0).command());
    assertEquals("late ", manifest.edge(1).command());
  }

  @Test
  void filesAreTracked() throws NinjaError {
    Manifest manifest =
        Manifest.read(
            "build.ninja",
            files(
                Map.of(
                    "build.ninja", "include rules\nsubninja sub/x.ninja\nbuild b: r\n",
                    "rules", "rule r\n  command = top $v\nv = 1\n",
                    "sub/x.ninja", "rule r\n  command = sub $v\nv = 2\nbuild a: r\n")),
            Choices.USUAL,
            warnings::add);
    assertEquals(Set.of("build.ninja", "rules", "sub/x.ninja"), manifest.files());
    assertEquals("sub 2", manifest.edge(0).command());
    assertEquals("top 1", manifest.edge(1).command());
  }

  @Test
  void errorsPointAtTheirPlace() {
    NinjaError error = assertThrows(NinjaError.class, () -> read("x = 1\nbuild a: nope b\n"));
    assertEquals(
        """
        ninja: error: build.ninja:2: unknown build rule 'nope'
        build a: nope b
                 ^ near here\
        """,
        error.printed());
  }

  @Test
  void filesThatIncludeThemselvesEnd() {
    NinjaError error = assertThrows(NinjaError.class, () -> read("include build.ninja\n"));
    assertEquals(
        """
        build.ninja:1: loading 'build.ninja': files include each other more than 200 deep
        include build.ninja
                           ^ near here\
        """,
        error.text());
  }

  private Manifest read(String text) throws NinjaError {
    return Manifest.read(
        "build.ninja", files(Map.of("build.ninja", text)), Choices.USUAL, warnings::add);
  }

  private static ManifestFiles files(Map<String, String> files) {
    return path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(UTF_8));
  }

  private static List<Long> asLongs(Ints ints) {
    return ints.stream().asLongStream().boxed().toList();
  }
}

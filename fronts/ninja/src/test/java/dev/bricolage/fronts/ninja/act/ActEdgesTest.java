package dev.bricolage.fronts.ninja.act;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ActEdgesTest {
  private static final String RULES =
      """
      rule r
        command = r
      rule tell
        command = tell
        pool = console
      rule gen
        command = gen
        generator = 1
        pool = console
      rule clean
        command = "/usr/my bin/ninja" -t clean
      rule ninjas
        command = ninja-ish x
      """;

  /** The first outputs of those edges that are acts. */
  private static List<String> acts(String manifest) throws NinjaError {
    Manifest read =
        Manifest.read(
            "build.ninja",
            path -> Optional.of((RULES + manifest).getBytes(UTF_8)),
            Choices.USUAL,
            warning -> {});
    ActEdges acts = new ActEdges(read);
    return IntStream.range(0, read.edgeCount())
        .mapToObj(read::edge)
        .filter(edge -> {
          try {
            return acts.contains(edge);
          } catch (NinjaError e) {
            throw new AssertionError(e);
          }
        })
        .map(edge -> read.path(edge.outputs().get(0)))
        .toList();
  }

  @Test
  void whatNobodyNeedsIsDoneForItself() throws NinjaError {
    assertEquals(
        List.of("install.util", "lint", "all.util"),
        acts(
            """
            build lib: r a
            build install.util: tell lib
            build install: phony install.util
            build lint: tell install
            build all.util: tell | lint
            build all: phony all.util lib
            build build.ninja: gen x | lint
            """));
  }

  @Test
  void whatACommandMayNeedIsAnEdgeLikeOthers() throws NinjaError {
    assertEquals(
        List.of(),
        acts(
            """
            build header: tell x
            build order: phony header
            build group: phony || order
            build told: tell header
            build object: r c | told || group
            """));
  }

  @Test
  void whoCallsNinjaActs() throws NinjaError {
    assertEquals(List.of("clean"), acts("build clean: clean\nbuild other: ninjas\n"));
    assertEquals(List.of(), acts("build clean: clean\nbuild other: r clean\n"));
    assertTrue(ActEdges.callsNinja("ninja -t clean"));
    assertTrue(ActEdges.callsNinja("'/a b/bric-ninja' x"));
    assertFalse(ActEdges.callsNinja("ninja/x y"));
    assertFalse(ActEdges.callsNinja("\"/usr/bin/ninja"));
    assertFalse(ActEdges.callsNinja(""));
  }
}

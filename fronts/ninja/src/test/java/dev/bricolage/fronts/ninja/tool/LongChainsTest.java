package dev.bricolage.fronts.ninja.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Chains that are longer than a thread's stack is deep. */
final class LongChainsTest {
  private static final int LONG = 100_000;

  private static Manifest chain(int length) throws NinjaError {
    StringBuilder text = new StringBuilder("rule r\n  command = touch $out\n");
    for (int i = 0; i < length; i++) {
      text.append("build p").append(i).append(": r p").append(i + 1).append('\n');
    }
    byte[] content = text.toString().getBytes(UTF_8);
    return Manifest.read("build.ninja", _ -> Optional.of(content), Choices.USUAL, _ -> {});
  }

  @Test
  void commands() throws Exception {
    Manifest manifest = chain(LONG);
    Ints all = Targets.of(manifest, List.of());
    List<String> lines = ManifestTool.commands(manifest, all, false).lines().toList();
    assertEquals(LONG, lines.size());
    assertEquals("touch p" + (LONG - 1), lines.getFirst());
    assertEquals("touch p0", lines.getLast());
    assertEquals("touch p0\n", ManifestTool.commands(manifest, all, true));
  }

  @Test
  void inputs() throws Exception {
    Manifest manifest = chain(LONG);
    Ints all = Targets.of(manifest, List.of());
    assertEquals(LONG, ManifestTool.inputs(manifest, all).lines().count());
  }

  /** Each line is indented by its depth: a long chain's tree has more bytes than memory. */
  @Test
  void trees() throws Exception {
    String tree = ManifestTool.targetsToDepth(chain(5000), 0);
    assertEquals(5001, tree.lines().count());
    assertTrue(tree.endsWith("  ".repeat(5000) + "p5000\n"));
    assertEquals("p0: r\n  p1: r\n", ManifestTool.targetsToDepth(chain(LONG), 2));
  }
}

package dev.bricolage.fronts.ninja.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.text.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamagedLogsTest {
  @TempDir Path temporary;

  @Test
  void linesThatAreNotWholeAreLeftOut() {
    BuildLog log =
        BuildLog.read(
            "# ninja log v5\n1\t2\t3\ta\tff\nrubbish\n1\t2\n7\t8\t9\ta\tfe\n1\t2\t3\tb\tf"
                .getBytes(UTF_8));
    assertEquals(Optional.of(new BuildLog.Entry(7, 8, 9, 0xfe)), log.get("a"));
    assertEquals(Optional.empty(), log.get("b"));
  }

  @Test
  void aHashHasAllItsBits() {
    BuildLog log = BuildLog.read("# ninja log v5\n0\t0\t0\ta\tfedcba9876543210\n".getBytes(UTF_8));
    assertEquals(0xfedcba9876543210L, log.get("a").orElseThrow().commandHash());
  }

  @Test
  void anOldLogStartsOver() throws Exception {
    byte[] content = "# ninja log v3\n1\t2\t3\ta\tff\n".getBytes(UTF_8);
    assertEquals(Optional.empty(), BuildLog.read(content).get("a"));
    assertEquals(warningOfNinja(".ninja_log", content), BuildLog.read(content).warning());
  }

  @Test
  void anOldLogsCommandsAreHashed() {
    BuildLog log = BuildLog.read("# ninja log v4\n1\t2\t3\ta\tcc -c\n".getBytes(UTF_8));
    assertEquals(CommandHash.of("cc -c".getBytes(UTF_8)), log.get("a").orElseThrow().commandHash());
    assertTrue(log.wantsRecompaction());
  }

  @Test
  void manyLinesForFewOutputsAreTooMany() {
    BuildLog log = new BuildLog();
    for (int i = 0; i <= 100; i++) {
      assertFalse(log.wantsRecompaction());
      log.put("a", new BuildLog.Entry(0, 0, i, i));
    }
    assertTrue(log.wantsRecompaction());
    assertEquals("# ninja log v5\n0\t0\t100\ta\t64\n", new String(log.toBytes(o -> true), UTF_8));
  }

  @Test
  void everyCutOfADepsLogIsRecoveredAsNinjaDoes() throws Exception {
    byte[] whole = threeRecords();
    for (int length = DepsLog.header().length; length <= whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      DepsLog log = DepsLog.read(cut);
      // Of one to three bytes at the end ninja takes no notice, and writes on behind them.
      boolean unseen = length - log.validLength() < 4;
      assertEquals(
          unseen ? "" : warningOfNinja(".ninja_deps", cut), log.warning(), "cut to " + length);
      if (!unseen) {
        assertEquals(Files.size(temporary.resolve("work/.ninja_deps")), log.validLength());
      }
    }
    assertEquals(whole.length, DepsLog.read(whole).validLength());
  }

  @Test
  void anIdThatWasGivenTwiceEndsTheLog() throws Exception {
    byte[] whole = threeRecords();
    Bytes twice = new Bytes();
    twice.add(whole);
    twice.add(whole, DepsLog.header().length, whole.length);
    DepsLog log = DepsLog.read(twice.toByteArray());
    assertEquals(whole.length, log.validLength());
    assertEquals(warningOfNinja(".ninja_deps", twice.toByteArray()), log.warning());
    assertEquals(List.of("x", "yy"), log.get("out").orElseThrow().inputs());
  }

  @Test
  void anotherFileStartsOver() throws Exception {
    byte[] other = "# ninjadeps\n\5\0\0\0".getBytes(UTF_8);
    assertEquals(0, DepsLog.read(other).validLength());
    assertEquals(warningOfNinja(".ninja_deps", other), DepsLog.read(other).warning());
  }

  private static byte[] threeRecords() {
    DepsLog log = new DepsLog();
    Bytes file = new Bytes();
    file.add(DepsLog.header());
    file.add(log.put("out", new DepsLog.Deps(1L << 40, List.of("x", "yy"))));
    file.add(log.put("other", new DepsLog.Deps(-1, List.of("out"))));
    return file.toByteArray();
  }

  private String warningOfNinja(String name, byte[] content) throws Exception {
    RealNinja ninja = new RealNinja(temporary);
    ninja.write("build.ninja", "build all: phony\n");
    ninja.write(name, content);
    String err = ninja.run().err();
    assertTrue(err.startsWith("ninja: warning: ") || err.isEmpty(), err);
    return err.isEmpty() ? "" : err.substring("ninja: warning: ".length()).strip();
  }
}

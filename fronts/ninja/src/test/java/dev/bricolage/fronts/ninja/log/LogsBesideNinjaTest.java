package dev.bricolage.fronts.ninja.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.fronts.ninja.RealNinja;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogsBesideNinjaTest {
  private static final String MANIFEST =
      """
      rule cc
        command = printf '%s: %s h1.h h2.h\\n' $out $in > $out.d && cp $in $out
        deps = gcc
        depfile = $out.d
      rule link
        command = cat $in > $out && touch prog.map
        rspfile = $out.rsp
        rspfile_content = $in_newline
        restat = 1
      rule gen
        command = cp $in $out
        generator = 1
      build a.o: cc a.c
      build b.o: cc b.c
      build sub/prog | prog.map: link a.o b.o
      build config: gen config.in
      """;

  @TempDir Path temporary;
  private RealNinja ninja;

  @BeforeEach
  void writeSources() throws IOException {
    ninja = new RealNinja(temporary);
    ninja.write("build.ninja", MANIFEST);
    for (String source : List.of("a.c", "b.c", "h1.h", "h2.h", "config.in")) {
      ninja.write(source, source + "\n");
      setMtime(source, 1_000);
    }
  }

  @Test
  void ninjaHasNothingToDoWhereWeWroteTheLogs() throws Exception {
    Manifest manifest = makeOutputs();
    ninja.write(".ninja_log", buildLog(manifest, 0).toBytes(output -> true));
    ninja.write(".ninja_deps", depsLog());

    RealNinja.Result result = ninja.run("-n", "-d", "explain");

    assertEquals("ninja: no work to do.\n", result.out());
    assertEquals("", result.err());
    assertEquals(
        """
        a.o: #deps 3, deps mtime 2000000000000 (VALID)
            a.c
            h1.h
            h2.h

        """,
        ninja.run("-t", "deps", "a.o").out());
  }

  @Test
  void ninjaBelievesWhatWeWrote() throws Exception {
    Manifest manifest = makeOutputs();
    ninja.write(".ninja_log", buildLog(manifest, 1).toBytes(output -> true));
    ninja.write(".ninja_deps", depsLog());
    assertEquals(
        "ninja explain: command line changed for a.o",
        ninja.run("-n", "-d", "explain").err().lines().findFirst().orElseThrow());

    ninja.write(".ninja_log", buildLog(manifest, 0).toBytes(output -> true));
    setMtime("h2.h", 3_000);
    assertTrue(
        ninja
            .run("-n", "-d", "explain")
            .err()
            .contains("output a.o older than most recent input h2.h"));
  }

  @Test
  void weReadWhatNinjaWrote() throws Exception {
    assertEquals(0, ninja.run().status());
    Manifest manifest = readManifest();

    BuildLog log = BuildLog.read(Files.readAllBytes(ninja.folder().resolve(".ninja_log")));

    assertEquals("", log.warning());
    assertEquals(5, log.entries().size());
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      for (String output : manifest.paths(edge.outputs())) {
        assertEquals(
            Long.toHexString(CommandHash.of(edge.loggedCommand())),
            Long.toHexString(log.get(output).orElseThrow().commandHash()),
            output);
      }
    }
    DepsLog deps = DepsLog.read(Files.readAllBytes(ninja.folder().resolve(".ninja_deps")));
    assertEquals("", deps.warning());
    assertEquals(List.of("a.o", "b.o"), deps.outputs().stream().sorted().toList());
    assertEquals(List.of("b.c", "h1.h", "h2.h"), deps.get("b.o").orElseThrow().inputs());
  }

  @Test
  void whatBothWroteIsTheSameByte() throws Exception {
    assertEquals(0, ninja.run().status());
    byte[] log = Files.readAllBytes(ninja.folder().resolve(".ninja_log"));
    byte[] deps = Files.readAllBytes(ninja.folder().resolve(".ninja_deps"));
    assertEquals(
        new String(log, UTF_8), new String(BuildLog.read(log).toBytes(output -> true), UTF_8));
    assertArrayEquals(deps, DepsLog.read(deps).toBytes(output -> true));
  }

  private Manifest makeOutputs() throws IOException, NinjaError {
    for (String output : List.of("a.o", "b.o", "sub/prog", "prog.map", "config")) {
      ninja.write(output, "made\n");
      setMtime(output, 2_000);
    }
    return readManifest();
  }

  private Manifest readManifest() throws NinjaError {
    return Manifest.read(
        "build.ninja",
        path -> Optional.of(Files.readAllBytes(ninja.folder().resolve(path))),
        Choices.USUAL,
        warning -> {
          throw new AssertionError(warning);
        });
  }

  private static BuildLog buildLog(Manifest manifest, int spoil) throws NinjaError {
    BuildLog log = new BuildLog();
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      long hash = CommandHash.of(edge.loggedCommand()) + spoil;
      for (String output : manifest.paths(edge.outputs())) {
        log.put(output, new BuildLog.Entry(1, 2, nanos(2_000), hash));
      }
    }
    return log;
  }

  private static byte[] depsLog() {
    DepsLog log = new DepsLog();
    Bytes file = new Bytes();
    file.add(DepsLog.header());
    for (String name : List.of("a", "b")) {
      DepsLog.Deps deps = new DepsLog.Deps(nanos(2_000), List.of(name + ".c", "h1.h", "h2.h"));
      file.add(log.put(name + ".o", deps));
      assertEquals(0, log.put(name + ".o", deps).length);
    }
    return file.toByteArray();
  }

  private void setMtime(String file, long seconds) throws IOException {
    Files.setLastModifiedTime(
        ninja.folder().resolve(file), FileTime.from(seconds, TimeUnit.SECONDS));
  }

  private static long nanos(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of ninja for its effect: it happens where the user is, as with ninja. */
@Timeout(180)
final class NinjaActsTest {
  private Installation bric;
  private Checkout checkout;
  private Path ninja;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout();
    ninja = bric.folder("links").resolve("ninja");
    Files.createSymbolicLink(ninja, bric.bric().program());
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private Bric.Outcome shell(String script) throws Exception {
    return bric.bric()
        .with("NINJA", ninja.toString())
        .with("OUTSIDE", bric.bric().folder().toString())
        .shell("cd " + checkout.root() + "\n" + script);
  }

  private String succeeds(String script) throws Exception {
    Bric.Outcome outcome = shell("set -e\n" + script);
    assertEquals(0, outcome.status(), outcome::toString);
    return outcome.stdout();
  }

  /** In a folder of ninja's own and in ours the same is said and done. */
  @Test
  void theyAreDoneWhenNinjaDoesThem() throws Exception {
    String manifest =
        """
        rule say
          command = echo $what; test -e broken && exit 3; touch $made
          description = SAY $out
          pool = console
        rule cp
          command = cp $in $out
        rule r
          command = echo got `cat $out.rsp`
          pool = console
          rspfile = $out.rsp
          rspfile_content = $in
        build a: cp in
        build test: say a
          what = tested
          made = x
        build d/stamp: say a | always
          what = stamped
          made = d/stamp
        build always: phony in
        build both: phony test d/stamp
        build with: r a
        """;
    for (String folder : List.of("ninjas", "ours")) {
      checkout.write(folder + "/build.ninja", manifest).write(folder + "/in", "1\n");
    }
    for (String step :
        List.of(
            "both -j1",
            "both -j1",
            "d/stamp",
            "with",
            "-n both",
            "-v test",
            "--quiet test",
            "EDIT sleep 0.05; echo 2 > in",
            "d/stamp",
            "d/stamp",
            "EDIT sed -i s/stamped/again/ build.ninja",
            "d/stamp",
            "d/stamp",
            "EDIT touch broken",
            "both -k0 -j1",
            "EDIT rm broken",
            "both -j1")) {
      // Without the total, which comes down only as edges turn out to have nothing to do.
      String script =
          step.startsWith("EDIT ") ? step.substring(5) : "NINJA_STATUS='%s %f ' $WHICH " + step;
      Bric.Outcome ninjas = shell("cd ninjas; WHICH=/usr/bin/ninja; " + script);
      assertEquals(ninjas, shell("cd ours; WHICH=$NINJA; " + script), step);
    }
    assertFalse(checkout.has("ours/with.rsp"));
  }

  /** CMake looks each time whether there are other files, by a generator that restats. */
  @Test
  void globsAreCheckedEachTime() throws Exception {
    checkout
        .write(
            "CMakeLists.txt",
            """
            cmake_minimum_required(VERSION 3.18)
            project(parts C)
            file(GLOB PARTS CONFIGURE_DEPENDS part*.c)
            add_library(parts STATIC ${PARTS})
            """)
        .write("part1.c", "int one(void) { return 1; }\n")
        .write("bric.toml", "");
    succeeds("cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -S . -B build");
    String built = succeeds("$NINJA -C build");
    assertTrue(built.contains("Building C object CMakeFiles/parts.dir/part1.c.o"), built);
    for (int i = 0; i < 3; i++) {
      String again = succeeds("$NINJA -C build");
      assertTrue(again.endsWith("ninja: no work to do.\n"), again);
    }
    checkout.write("part2.c", "int two(void) { return 2; }\n");
    String more = succeeds("$NINJA -C build");
    assertTrue(more.contains("Re-running CMake"), more);
    assertTrue(more.contains("Building C object CMakeFiles/parts.dir/part2.c.o"), more);
    assertFalse(more.contains("Building C object CMakeFiles/parts.dir/part1.c.o"), more);
    assertEquals("part1.c.o\npart2.c.o\n", succeeds("ar t build/libparts.a"));
    checkout.delete("part1.c");
    succeeds("$NINJA -C build");
    assertEquals("part2.c.o\n", succeeds("ar t build/libparts.a"));
    assertTrue(succeeds("/usr/bin/ninja -C build").endsWith("ninja: no work to do.\n"));
  }

  /** Pages are served until the user has seen enough. */
  @Test
  void theGraphIsBrowsed() throws Exception {
    checkout.write("build.ninja", "rule cp\n  command = cp $in $out\nbuild a<b: cp in | more\n");
    String out =
        succeeds(
            """
            $NINJA -t browse --port 0 --no-browser > said & pid=$!
            until grep -q running said; do sleep 0.02; done
            port=`sed 's/.*:\\([0-9]*\\),.*/\\1/' said`
            curl -s -o page -w '%{http_code} %{redirect_url}\\n' localhost:$port/
            curl -s -w '%{http_code}\\n' "localhost:$port/?a%3Cb"
            curl -s -o page -w '%{http_code}\\n' "localhost:$port/?none%3Cscript%3E"
            ! grep -q '<script>' page
            kill $pid
            wait $pid || true
            """);
    assertTrue(out.startsWith("302 http://localhost:"), out);
    assertTrue(out.contains("/?a%3Cb\n"), out);
    assertTrue(out.contains("<a href=\"?more\">more</a></tt> implicit<br>"), out);
    assertTrue(out.contains("<h1><tt>a&lt;b</tt></h1>"), out);
    assertTrue(out.endsWith("404\n"), out);
  }

  @Test
  void theyHaveTheUsersRightsVariablesAndInput() throws Exception {
    checkout.write(
        "build.ninja",
        """
        rule install
          command = read word && cp a $$OUTSIDE/$$NAME.$$word && pwd
          pool = console
        rule make
          command = echo made > a
        build a: make
        build install: install a
        """);
    String said = succeeds("echo b | NAME=n $NINJA install");
    assertEquals("[1/2] echo made > a\n", said.lines().findFirst().orElseThrow() + "\n");
    assertTrue(said.endsWith("\n" + checkout.root().toRealPath() + "\n"), said);
    assertEquals("made\n", Files.readString(bric.bric().folder().resolve("n.b")));
  }

  @Test
  void theyHaveTheTerminal() throws Exception {
    checkout.write(
        "build.ninja",
        """
        rule look
          command = test -t 0 && test -t 1 && test -t 2 && echo terminal
          pool = console
        build look: look
        """);
    String said = succeeds("script -qec \"$NINJA look\" /dev/null < /dev/null");
    assertTrue(said.contains("\r\nterminal\r\n"), said);
  }

  /** It is remembered, and so has neither terminal nor anything but its inputs. */
  @Test
  void whatOthersReadIsAnEdgeLikeOthers() throws Exception {
    checkout
        .write(
            "build.ninja",
            """
            rule gen
              command = test -t 0 || echo $$OUTSIDE > $out
              pool = console
            rule cp
              command = cp $in $out
            build header: gen
            build out: cp header
            """)
        .write("x", "");
    succeeds("$NINJA out");
    assertEquals("\n", checkout.read("out"));
    assertEquals("ninja: no work to do.\n", succeeds("$NINJA out"));
    Files.delete(checkout.root().resolve("header"));
    assertTrue(succeeds("$NINJA out").startsWith("[1/2] test -t 0"));
  }

  /** As ninja does, what is to be said of others waits until the terminal is free. */
  @Test
  void othersAreToldOfAfterwards() throws Exception {
    String manifest =
        """
        rule act
          command = echo begun; while test ! -e other; do sleep 0.01; done; sleep 0.2; echo done
          description = act
          pool = console
        rule other
          command = echo more; touch other
          description = other
        build act: act
        build other: other
        """;
    checkout.write("ninjas/build.ninja", manifest).write("ours/build.ninja", manifest);
    assertEquals(
        succeeds("cd ninjas; /usr/bin/ninja -j2 act other"),
        succeeds("cd ours; $NINJA -j2 act other"));
  }

  /**
   * Ctrl-C reaches the act by itself; how it ends is its own matter, and the build ends with it.
   */
  @Test
  void anActIsWaitedFor() throws Exception {
    String manifest =
        """
        rule act
          command = trap 'sleep 0.3; echo ended' INT; touch up; read x
          description = act
          pool = console
        rule slow
          command = sleep 77
        build act: act
        build after: act act
        build slow: slow
        """;
    checkout.write("ninjas/build.ninja", manifest).write("ours/build.ninja", manifest);
    String script =
        """
        set -m
        mkfifo never; exec 9<>never
        $WHICH -j2 act slow after <&9 &
        while test ! -e up; do sleep 0.01; done
        sleep 0.2; kill -INT -- -$!
        wait $!; echo $?
        ls
        """;
    Bric.Outcome ninjas = shell("cd ninjas; WHICH=/usr/bin/ninja\n" + script);
    assertEquals(ninjas, shell("cd ours; WHICH=$NINJA\n" + script));
    assertTrue(ninjas.stdout().contains("ended\nninja: build stopped: interrupted by user.\n2\n"));
    assertTrue(Host.isRidOf("sleep\00077"));
  }

  /** As with ninja the act goes on; nobody else is held up by it. */
  @Test
  void theEndOfTheClientOrTheDaemonIsNotTheActs() throws Exception {
    checkout.write(
        "build.ninja",
        """
        rule act
          command = touch up; read x; echo $$x > done
          pool = console
        rule touch
          command = touch $out
        build act: act
        build a: touch
        build b: touch
        """);
    String begin =
        """
        mkfifo pipe; exec 9<>pipe; $NINJA act <&9 > said 2>&1 &
        while test ! -e up; do sleep 0.01; done
        """;
    String end = "echo $1 >&9; while test ! -s done; do sleep 0.01; done; cat done\n";
    assertEquals(
        "[1/1] touch a\nclient\n",
        succeeds("set -- client\n" + begin + "kill -9 $!; $NINJA a\n" + end));
    succeeds("rm up done pipe");
    Bric.Outcome outcome =
        shell(
            "set -- daemon\n"
                + begin
                + "kill -9 `cat $BRIC_HOME/daemon.pid`; $NINJA b\n"
                + end
                + "wait $!; echo $?; cat said");
    assertTrue(outcome.stdout().startsWith("[1/1] touch b\ndaemon\n70\n"), outcome::toString);
    assertTrue(
        outcome.stdout().contains("bric: the daemon ended during this request; "),
        outcome::toString);
  }

  @Test
  void buildsWithinBuilds() throws Exception {
    checkout
        .write(
            "build.ninja",
            """
            rule act
              command = $$NINJA $words
              pool = console
            rule touch
              command = touch $out
            build a: touch
            build below: act a
              words = -C sub -j1
            build same: act a
              words = b
            build b: touch
            build tools: act a
              words = -t recompact && $$NINJA -t restat && $$NINJA -t cleandead
            build gc: act a
              words = -t clean && $$BRIC store gc
            """)
        .write("sub/build.ninja", "rule r\n  command = cp in out\nbuild out: r in\n")
        .write("sub/in", "1\n");
    String said = succeeds("$NINJA -j1 below same tools gc && $NINJA -j1 a b");
    assertEquals("1\n", checkout.read("sub/out"));
    assertTrue(said.contains("\nninja: Entering directory `sub'\n[1/1] cp in out\n"), said);
    assertTrue(said.contains("\nCleaning... 2 files.\n"), said);
    assertTrue(said.endsWith("[1/2] touch a\n[2/2] touch b\n"), said);
    assertEquals("ninja: no work to do.\n", succeeds("/usr/bin/ninja -n a b"));
  }

  @Test
  void cmakeGoesOnByItself() throws Exception {
    checkout
        .write(
            "CMakeLists.txt",
            """
            cmake_minimum_required(VERSION 3.20)
            project(hello C)
            add_executable(hello main.c)
            install(TARGETS hello DESTINATION bin)
            add_custom_target(below USES_TERMINAL
              COMMAND ${CMAKE_COMMAND} --build . --target hello)
            """)
        .write("main.c", "#include <stdio.h>\nint main(void) { puts(TEXT); }\n");
    succeeds("cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -DCMAKE_C_FLAGS='-DTEXT=NAME' -B build");
    Bric.Outcome failed = shell("$NINJA -C build");
    assertEquals(1, failed.status(), failed::toString);
    checkout.write(
        "CMakeLists.txt",
        checkout.read("CMakeLists.txt")
            + "target_compile_definitions(hello PRIVATE NAME=\"hi\")\n");
    String made = succeeds("$NINJA -C build");
    assertTrue(made.contains("\n[0/1] Re-running CMake...\n-- Configuring done\n"), made);
    assertEquals("hi\n", succeeds("build/hello"));
    assertEquals("ninja: no work to do.\n", succeeds("/usr/bin/ninja -C build -n | tail -1"));
    assertEquals("ninja: no work to do.\n", succeeds("$NINJA -C build -n | tail -1"));
    succeeds("DESTDIR=$OUTSIDE/dest $NINJA -C build install");
    assertEquals("hi\n", succeeds("$OUTSIDE/dest/usr/local/bin/hello"));
    assertTrue(succeeds("$NINJA -C build below").endsWith("\nninja: no work to do.\n"));
    assertTrue(succeeds("$NINJA -C build clean").endsWith("\nCleaning... 2 files.\n"));
    assertFalse(checkout.has("build/hello"));
    assertTrue(succeeds("$NINJA -C build").endsWith("[2/2] Linking C executable hello\n"));
  }

  /** What an edge has made is hidden as a product, until somebody else writes it. */
  @Test
  void aGeneratorTakesOverWhatAnEdgeMade() throws Exception {
    String rules =
        """
        rule cp
          command = cp $in $out
        rule gen
          command = sh gen.sh
          generator = 1
        build build.ninja: gen gen.sh
        build out: cp header
        """;
    checkout
        .write("build.ninja", rules + "rule h\n  command = echo edge > $out\nbuild header: h\n")
        .write("gen.sh", "true\n");
    succeeds("touch gen.sh -d '1 hour ago'; $NINJA");
    assertEquals("edge\n", checkout.read("out"));
    checkout
        .write("new.ninja", rules)
        .write("gen.sh", "cp new.ninja build.ninja; echo generator > header\n");
    assertEquals("[0/1] sh gen.sh\n[1/1] cp header out\n", succeeds("$NINJA"));
    assertEquals("generator\n", checkout.read("out"));
    assertEquals("ninja: no work to do.\n", succeeds("$NINJA"));
    checkout.write("gen.sh", "cp new.ninja build.ninja; echo more > header\n");
    succeeds("$NINJA");
    assertEquals("more\n", checkout.read("out"));
    Files.delete(checkout.root().resolve("out"));
    succeeds("$NINJA");
    assertEquals("more\n", checkout.read("out"));
  }

  /** Even if it writes the very bytes. */
  @Test
  void anActTakesOverWhatAnEdgeMade() throws Exception {
    String rules = "rule cp\n  command = cp header out\nbuild out: cp\n";
    String maker = "rule h\n  command = echo edge > $out\nbuild header: h\n";
    String act = "rule a\n  command = echo edge > header\n  pool = console\nbuild act: a\n";
    checkout.write("build.ninja", rules + maker);
    succeeds("$NINJA");
    checkout.write("build.ninja", rules + act);
    assertEquals(1, shell("rm out; $NINJA out").status());
    succeeds("$NINJA act && $NINJA out");
    assertEquals("edge\n", checkout.read("out"));
  }

  @Test
  void aGeneratorNeedsWhatEdgesMake() throws Exception {
    checkout
        .write(
            "build.ninja",
            """
            rule gen
              command = cp $in build.ninja
              generator = 1
            rule cp
              command = cp $in $out
            build build.ninja: gen made.ninja
            build made.ninja: cp source.ninja
            """)
        .write(
            "source.ninja",
            """
            rule gen
              command = cp $in build.ninja
              generator = 1
              depfile = d
            rule cp
              command = cp $in $out
            build build.ninja: gen made.ninja
            build made.ninja: cp source.ninja
            build out: cp more
            """)
        .write("d", "build.ninja: more\n")
        .write("more", "1\n");
    assertEquals(
        "[1/1] cp source.ninja made.ninja\n[1/2] cp made.ninja build.ninja\n[1/1] cp more out\n",
        succeeds("touch -d '1 hour ago' build.ninja more; $NINJA out"));
    assertEquals("ninja: no work to do.\n", succeeds("$NINJA out"));
    // Its depfile names it.
    assertEquals(
        "[0/1] cp made.ninja build.ninja\n[1/1] cp more out\n",
        succeeds("sleep 0.05; echo 2 > more; $NINJA out"));
  }
}

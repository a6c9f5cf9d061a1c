package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.bricolage.cli.Bric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Projects that know nothing of us, through a link named ninja, beside ninja itself at the same
 * path: what is made, tested and installed, and what is done again.
 */
@Timeout(180)
final class NinjaProjectsTest {
  /** They tell when edges ran. */
  private static final Set<String> LOGS = Set.of(".ninja_log", ".ninja_deps");

  private Installation bric;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    Path links = bric.folder("links");
    Files.createSymbolicLink(links.resolve("ninja"), bric.bric().program());
    bric.bric()
        .with("NINJA", links.resolve("ninja").toString())
        .with("OUTSIDE", bric.bric().folder().toString());
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /**
   * A project.
   *
   * @param configure makes its folder {@code build}
   * @param test tests what was built, and says {@code passed}
   * @param edit changes its sources
   */
  private record Project(
      Installation bric,
      Checkout checkout,
      String configure,
      String test,
      String passed,
      String edit) {

    String succeeds(String script) throws Exception {
      Bric.Outcome outcome = bric.bric().shell("set -e; cd " + checkout.root() + "\n" + script);
      assertEquals(0, outcome.status(), outcome::toString);
      return outcome.stdout();
    }

    /** On the branch main it is as it came, on the branch other it is edited. */
    void commit() throws Exception {
      succeeds(
          """
          git init -q -b main
          git config user.name n; git config user.email e
          echo build > .git/info/exclude
          git add -Af; git commit -qm all
          git switch -qc other
          %s
          git commit -qam edit; git switch -q main
          """
              .formatted(edit));
    }

    /** All that lies in a folder: its mode, and the digest of its bytes or its target. */
    Map<String, String> files(Path folder) throws Exception {
      Map<String, String> found = new TreeMap<>();
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : (Iterable<Path>) paths::iterator) {
          if (!LOGS.contains(path.getFileName() + "")) {
            found.put(folder.relativize(path).toString(), told(path));
          }
        }
      }
      return found;
    }

    private static String told(Path path) throws Exception {
      if (Files.isSymbolicLink(path)) {
        return "link to " + Files.readSymbolicLink(path);
      }
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          ? mode
          : mode + " " + Digests.of(Files.readString(path, StandardCharsets.ISO_8859_1));
    }

    Path build() {
      return checkout.root().resolve("build");
    }

    Path outside(String name) {
      return bric.bric().folder().resolve(name);
    }

    /** What is made and installed; ninja's own folder is kept outside as {@code plain}. */
    void isMadeAsByNinja() throws Exception {
      succeeds(configure);
      succeeds("cp -a build $OUTSIDE/configured; /usr/bin/ninja -C build");
      Map<String, String> plain = files(build());
      succeeds("DESTDIR=$OUTSIDE/there /usr/bin/ninja -C build install");
      succeeds("mv build $OUTSIDE/plain; mv $OUTSIDE/configured build; $NINJA -C build");
      assertEquals(plain, files(build()));
      String said = succeeds("DESTDIR=$OUTSIDE/here $NINJA -C build install");
      assertTrue(said.startsWith("ninja: Entering directory `build'\n[0/1] Install"), said);
      Map<String, String> installed = files(outside("here"));
      assertEquals(files(outside("there")), installed);
      assertTrue(installed.values().stream().anyMatch(what -> what.startsWith("rw")));
      String tested = succeeds(test);
      assertTrue(tested.contains(passed), tested);
      isDone();
    }

    /** Ninja itself finds nothing to do. */
    void isDone() throws Exception {
      assertEquals(
          "ninja: no work to do.\n", succeeds("/usr/bin/ninja -C build -n -d explain | tail -1"));
      assertTrue(succeeds("$NINJA -C build").endsWith("ninja: no work to do.\n"));
    }

    /** Memory answers for a folder that is new, and for branches that were built before. */
    void isRemembered() throws Exception {
      succeeds("rm -r build");
      succeeds(configure);
      runsNothing();
      for (String branch : List.of("other", "main", "other")) {
        succeeds("git switch -q " + branch);
        runsNothing();
        isDone();
      }
    }

    /** The other branch is new. */
    void isEdited() throws Exception {
      succeeds("git switch -q other");
      long before = traces();
      succeeds("$NINJA -C build");
      assertNotEquals(before, traces());
      isDone();
      succeeds("git switch -q main");
    }

    private void runsNothing() throws Exception {
      long before = traces();
      String said = succeeds("$NINJA -C build");
      assertFalse(said.endsWith("ninja: no work to do.\n"), said);
      assertEquals(before, traces(), said);
    }

    /** What runs leave in the store: more after each run that was not known. */
    private long traces() throws Exception {
      for (JsonElement kind :
          JsonParser.parseString(bric.run("store", "stat", "--json").stdout())
              .getAsJsonObject()
              .getAsJsonArray("kinds")) {
        if (kind.getAsJsonObject().get("name").getAsString().equals("nodes")) {
          return kind.getAsJsonObject().get("count").getAsLong();
        }
      }
      throw new AssertionError("no nodes in the store");
    }
  }

  private Project project(
      Checkout checkout, String configure, String test, String passed, String edit)
      throws Exception {
    Project project = new Project(bric, checkout, configure, test, passed, edit);
    project.commit();
    return project;
  }

  private Checkout debian(String name) throws Exception {
    return new SourcePackage(name).into(bric.checkout());
  }

  /** CMake, with sources that awk and the preprocessor make. */
  @Test
  void libpng() throws Exception {
    SourcePackage.needs("cmake", "ninja");
    Project libpng =
        project(
            debian("libpng1.6"),
            "cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -DPNG_STATIC=OFF -DCMAKE_BUILD_TYPE=Debug -B build",
            "cd build; ctest -R 'pngtest|pngunknown'",
            "100% tests passed, 0 tests failed out of 8",
            "sed -i 's/^#include \"pngpriv.h\"/&\\nint more = 1;/' pngget.c");
    libpng.isMadeAsByNinja();
    libpng.isEdited();
    libpng.isRemembered();
  }

  /** Meson, with sources made by programs of its own. */
  @Test
  void fribidi() throws Exception {
    SourcePackage.needs("meson", "ninja");
    Project fribidi =
        project(
            debian("fribidi"),
            "meson setup -Ddocs=false build",
            "meson test -C build",
            "Fail:               0",
            "sed -i 's/^#include \"common.h\"/&\\nint more = 1;/' lib/fribidi-run.c");
    fribidi.isMadeAsByNinja();
    fribidi.isEdited();
    fribidi.isRemembered();
  }

  /** CMake with modules of Fortran: what compiles after what is told by dyndep files. */
  @Test
  void fortran() throws Exception {
    SourcePackage.needs("cmake", "ninja", "gfortran");
    Checkout checkout = bric.checkout();
    checkout.write(
        "CMakeLists.txt",
        """
        cmake_minimum_required(VERSION 3.20)
        project(shapes Fortran)
        enable_testing()
        add_library(shapes area.f90 circle.f90 kinds.f90 square.f90)
        add_executable(tell tell.f90)
        target_link_libraries(tell shapes)
        add_test(NAME tells COMMAND tell)
        set_tests_properties(tells PROPERTIES PASS_REGULAR_EXPRESSION "13.0")
        install(TARGETS shapes tell)
        install(DIRECTORY ${CMAKE_BINARY_DIR}/ DESTINATION include FILES_MATCHING PATTERN "*.mod")
        """);
    checkout
        .write(
            "kinds.f90",
            "module kinds\n  integer, parameter :: wide = kind(1.0d0)\nend module kinds\n")
        .write(
            "area.f90",
            """
            module area
              use circle
              use square
              use kinds
            contains
              function both(a) result(sum)
                real(wide), intent(in) :: a
                real(wide) :: sum
                sum = round(a) + edged(a)
              end function both
            end module area
            """)
        .write(
            "tell.f90",
            "program tell\n  use area\n  use kinds\n  print '(f4.1)', both(2.0_wide)\nend program tell\n");
    for (List<String> words :
        List.of(List.of("circle", "round", "9"), List.of("square", "edged", "4"))) {
      checkout.write(
          words.get(0) + ".f90",
          """
          module %s
            use kinds
          contains
            function %s(a) result(b)
              real(wide), intent(in) :: a
              real(wide) :: b
              b = a * 0.5_wide * %s.0_wide
            end function
          end module
          """
              .formatted(words.toArray()));
    }
    Project shapes =
        project(
            checkout,
            "cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -B build",
            "cd build; ctest",
            "100% tests passed, 0 tests failed out of 1",
            "sed -i 's/9.0/7.0/' circle.f90; sed -i 's/^contains/  use circle\\n&/' square.f90");
    shapes.isMadeAsByNinja();
    shapes.isEdited();
    shapes.isRemembered();
  }

  /** CMake's own file is edited, and CMake is run again from within the build. */
  @Test
  void cjson() throws Exception {
    SourcePackage.needs("cmake", "ninja");
    Project cjson =
        project(
            debian("cjson"),
            "cmake -G Ninja -DCMAKE_MAKE_PROGRAM=$NINJA -DENABLE_CJSON_UTILS=On -B build",
            "cd build; ctest",
            "100% tests passed, 0 tests failed out of 22",
            "sed -i 's/^include(GNUInstallDirs)/add_definitions(-DCJSON_NESTING_LIMIT=500)\\n&/' CMakeLists.txt");
    cjson.isMadeAsByNinja();
    cjson.succeeds("mv build $OUTSIDE/ours; mv $OUTSIDE/plain build; git switch -q other");
    String plain = cjson.succeeds("/usr/bin/ninja -j1 -C build");
    Map<String, String> made = cjson.files(cjson.build());
    cjson.succeeds("mv build $OUTSIDE/plain; mv $OUTSIDE/ours build");
    String said = cjson.succeeds("$NINJA -j1 -C build");
    // Later ones are fewer with us: what comes out the same makes nobody run.
    assertEquals(plain.lines().limit(7).toList(), said.lines().limit(7).toList());
    Map<String, String> ours = cjson.files(cjson.build());
    ours.keySet().retainAll(made.keySet()); // what ctest has left
    assertEquals(made, ours);
    cjson.isDone();
    cjson.succeeds("git switch -q main; $NINJA -C build");
    cjson.isRemembered();
  }
}

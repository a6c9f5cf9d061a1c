package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every run of a tool is asked about, and goes as it would have gone without. */
@ParameterizedClass
@EnumSource(User.class)
@Timeout(60)
class InnerRunsTest {
  @Parameter User user = User.CALLER;
  World world;

  @BeforeEach
  void open() throws IOException {
    world = new World(user);
  }

  @AfterEach
  void close() throws IOException {
    if (world != null) {
      world.close();
    }
  }

  private static Path compiler() throws IOException {
    return Path.of("/usr/bin/gcc").toRealPath();
  }

  @Test
  void aCompilerRunsAndTellsWhatItDid() throws Exception {
    world.file("a.h", "#define X 42\n");
    world.file("a.c", "#include \"a.h\"\nint x = X;\n");
    Decider decider = Decider.running();
    Result result =
        world
            .tools(
                decider, List.of(compiler().toString()), "cc -Inone -c a.c && cat a.o >/dev/null")
            .good();
    assertEquals("", result.out() + result.err());
    assertEquals(1, decider.asked.size());
    InnerRequest request = decider.asked.getFirst();
    assertEquals(compiler().toString(), request.tool());
    assertEquals("/usr/bin/cc", request.called());
    assertEquals(List.of("cc", "-Inone", "-c", "a.c"), request.argv());
    assertEquals("/build", request.cwd());
    InnerEnded ended = decider.ran.getFirst().ended();
    assertEquals(new Ended.Exited(0), ended.exit());
    assertEquals(java.util.Optional.empty(), ended.unobserved());
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.CONTENT, "/build/a.h", true)));
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.STAT, "/build/none", false)));
    assertTrue(ended.changed().contains("/build/a.o"), () -> ended.changed().toString());
    assertFalse(ended.leftBehind());
    assertEquals(java.util.Set.of(), ended.used());
    assertTrue(Files.exists(world.upper.resolve("a.o")));
  }

  @Test
  void aHitPutsItsOutputsInPlaceAndSaysWhatWasSaid() throws Exception {
    Decider decider =
        new Decider(request -> {
          world.write(request.root().resolve("build/a.o"), "object");
          return new InnerRuns.Hit(
              3,
              List.of(
                  new Output(false, "one\n".getBytes(UTF_8)),
                  new Output(true, "two\n".getBytes(UTF_8)),
                  new Output(false, "three\n".getBytes(UTF_8))));
        });
    Result result =
        world.tools(decider, List.of(compiler().toString()), "cc -c a.c; echo $?; cat a.o").good();
    assertEquals("one\nthree\n3\nobject", result.out());
    assertEquals("two\n", result.err());
    assertEquals("one\ntwo\nthree\n3\nobject", result.captured().both());
    assertEquals("object", Files.readString(world.upper.resolve("a.o")));
  }
}

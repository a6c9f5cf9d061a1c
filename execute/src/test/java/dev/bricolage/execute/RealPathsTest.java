package dev.bricolage.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every change of a way is seen, at whichever of its links it was made. */
final class RealPathsTest {
  @TempDir Path temporary;
  private final RealPaths paths = new RealPaths();
  private Path root;

  @BeforeEach
  void layOut() throws Exception {
    root = temporary.toRealPath();
    for (String folder : new String[] {"bin", "alternatives", "one", "two"}) {
      Files.createDirectory(root.resolve(folder));
    }
    Files.writeString(root.resolve("one/cc-1"), "");
    Files.writeString(root.resolve("two/cc-1"), "");
    link("current", "one");
    link("alternatives/cc", "../current/cc-1");
    link("bin/cc", root.resolve("alternatives/cc").toString());
  }

  private void link(String name, String target) throws IOException {
    Files.deleteIfExists(root.resolve(name));
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  private void leadsTo(String end) throws IOException {
    for (int again = 0; again < 3; again++) {
      assertEquals(
          Optional.of(root.resolve(end).toString()), paths.look().real(root.resolve("bin/cc")));
    }
  }

  /** So that what was found is remembered. */
  private void settle() throws Exception {
    Path probe = Files.writeString(root.resolve("probe"), "");
    long then = Files.getLastModifiedTime(probe).toMillis();
    while (Files.getLastModifiedTime(probe).toMillis() < then + 30) {
      Files.writeString(probe, "");
    }
    Files.delete(probe);
    leadsTo("one/cc-1");
  }

  @Test
  void aLinkOnTheWayIsTurned() throws Exception {
    settle();
    link("current", "two");
    leadsTo("two/cc-1");
    link("alternatives/cc", "../one/cc-1");
    leadsTo("one/cc-1");
    link("bin/cc", "../two/cc-1");
    leadsTo("two/cc-1");
  }

  @Test
  void theEndIsGoneAndComesBack() throws Exception {
    settle();
    Files.delete(root.resolve("one/cc-1"));
    assertEquals(Optional.empty(), paths.look().real(root.resolve("bin/cc")));
    Files.writeString(root.resolve("one/cc-1"), "");
    leadsTo("one/cc-1");
  }

  @Test
  void aLinkTakesTheEndsPlace() throws Exception {
    settle();
    link("one/cc-1", "../two/cc-1");
    leadsTo("two/cc-1");
  }

  @Test
  void aCircleLeadsNowhere() throws Exception {
    link("alternatives/cc", "cc");
    assertEquals(Optional.empty(), paths.look().real(root.resolve("bin/cc")));
  }
}

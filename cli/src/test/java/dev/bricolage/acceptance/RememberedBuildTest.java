package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An unmodified C project is built once. */
@Timeout(120)
final class RememberedBuildTest {
  private static final Path EXAMPLE = Path.of("../examples/c-calculator").toAbsolutePath();

  private Installation bric;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private static Checkout calculator(Installation bric) throws Exception {
    Checkout checkout = bric.checkout();
    // Files enter with new times, as a clone's would.
    Host.succeeds(EXAMPLE, "cp", "-r", ".", checkout.root().toString());
    checkout.delete("build");
    if (bric.user() == User.STRANGER) {
      Host.succeeds(EXAMPLE, "chown", "-R", "12345:12345", checkout.root().toString());
    }
    return checkout;
  }

  @ParameterizedTest
  @EnumSource
  void makeRunsOnceAndIsAnsweredEverywhere(User user) throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(user.isPossible());
    try (Installation their = Installation.of(user)) {
      Checkout checkout = calculator(their);
      Answer first = checkout.command("make", "-j2").exits(0).ran("first time");
      Map<String, String> built = checkout.everything();
      assertEquals("7\n", Host.succeeds(checkout.root(), "sh", "-c", "echo 1+2*3 | build/calc"));

      // In the same place: nothing to write.
      checkout.command("make", "-j2").exits(0).isRemembered().prints(first.outcome().stdout());
      assertEquals(built, checkout.everything());

      // Without its outputs: all of them come back, byte for byte.
      checkout.delete("build");
      checkout.command("make", "-j2").exits(0).isRemembered().prints(first.outcome().stdout());
      assertEquals(built, checkout.everything());

      // In another folder, where nothing was ever built.
      Checkout fresh = checkout.copy().delete("build");
      assertFalse(fresh.has("build"));
      fresh.command("make", "-j2").exits(0).isRemembered().prints(first.outcome().stdout());
      assertEquals(built, fresh.everything());
    }
  }

  @Test
  void anotherDaemonRemembers() throws Exception {
    Checkout checkout = calculator(bric);
    checkout.command("make").exits(0).ran("first time");
    Map<String, String> built = checkout.everything();
    bric.shutdown();
    checkout.delete("build");
    checkout.command("make").exits(0).isRemembered();
    assertEquals(built, checkout.everything());
  }

  @Test
  void anEditRebuildsAndGoingBackIsRemembered() throws Exception {
    Checkout checkout = calculator(bric);
    checkout.command("make").exits(0).ran("first time");
    Map<String, String> built = checkout.everything();
    String main = checkout.read("src/main.c");
    checkout.write("src/main.c", main + "\nint unused_here;\n");
    checkout.command("make").exits(0).ranBecause("content /build/src/main.c");
    checkout.write("src/main.c", main);
    checkout.command("make").exits(0).isRemembered();
    assertEquals(built, checkout.everything());
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks that are small, full, other ones, or read-only. Only root can make them. */
@Timeout(120)
final class DiskTest {
  private Installation bric;
  private Path home;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(User.callerIsRoot());
    bric = Installation.ofCaller();
    home = Files.createDirectory(bric.home());
  }

  @AfterEach
  void close() throws Exception {
    bric.shutdown();
    if (Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + home + " ")) {
      Host.unmount(home);
    }
    bric.close();
  }

  /** Fills what is left of BRIC_HOME's disk. */
  private Path fill() throws Exception {
    Path filler = home.resolve("filler");
    Host.succeeds(home, "sh", "-c", "cat /dev/zero > filler 2>/dev/null || true");
    return filler;
  }

  @Test
  void aSourceThatDoesNotFit() throws Exception {
    Host.mountMemory(home, "8m");
    Checkout checkout = bric.checkout().write("a", "a\n");
    checkout.run("cat a > out").exits(0);
    Host.succeeds(checkout.root(), "sh", "-c", "head -c 20000000 /dev/urandom > big");
    Answer refused = checkout.run("wc -c < big").exits(74);
    assertTrue(
        refused
            .outcome()
            .stderr()
            .matches(
                "bric: no space left in the store "
                    + home
                    + " \\([^)]* free\\): run 'bric store gc', free some disk, or set BRIC_HOME to"
                    + " a folder with room\n"),
        refused::toString);
    Files.delete(checkout.root().resolve("big"));
    checkout.run("cat a a > out").exits(0).ran("first time");
    checkout.delete("out").run("cat a a > out").exits(0).isRemembered();
    assertEquals("a\na\n", checkout.read("out"));
    bric.shutdown();
    assertEquals(List.of(), CrashTest.leftovers(home));
  }

  @Test
  void aFullDiskAndThenRoomAgain() throws Exception {
    Host.mountMemory(home, "8m");
    Checkout checkout = bric.checkout().write("a", "a\n");
    checkout.run("cat a > out").exits(0).ran("first time");
    Path filler = fill();
    checkout.write("a", "b\n");
    Answer full = checkout.run("cat a > out");
    assertFalse(full.outcome().status() == 0, full::toString);
    assertTrue(full.outcome().stderr().contains("no space left"), full::toString);
    assertEquals("a\n", checkout.read("out"));
    Files.delete(filler);
    checkout.run("cat a > out").exits(0);
    assertEquals("b\n", checkout.read("out"));
    checkout.write("a", "a\n").run("cat a > out").exits(0).isRemembered();
    assertEquals("a\n", checkout.read("out"));
  }

  @Test
  void aFullDiskStillAnswersFromMemory() throws Exception {
    Host.mountMemory(home, "8m");
    Checkout checkout = bric.checkout().write("a", "a\n");
    checkout.run("cat a > out; echo done").exits(0).ran("first time");
    fill();
    checkout.delete("out");
    Answer answer = checkout.run("cat a > out; echo done").exits(0).prints("done\n");
    answer.isRemembered();
    assertEquals("a\n", checkout.read("out"));
  }

  @Test
  void aFullDiskAtTheStart() throws Exception {
    Host.mountMemory(home, "8m");
    fill();
    Checkout checkout = bric.checkout().write("a", "a\n");
    Answer full = checkout.run("cat a");
    full.isRefused(
        74,
        "no space is left in BRIC_HOME "
            + home
            + " for the daemon to start; make room there, or set BRIC_HOME to a folder on a larger"
            + " disk");
  }

  @Test
  void aFullDiskAtTheStartAndThenRoom() throws Exception {
    Host.mountMemory(home, "8m");
    Path filler = fill();
    Checkout checkout = bric.checkout().write("a", "a\n");
    checkout.run("cat a").exits(74);
    Files.delete(filler);
    checkout.run("cat a").exits(0).ran("first time").prints("a\n");
  }

  /** A command that shrugs off a full disk must not be remembered with what it could write. */
  @Test
  void aCommandThatHidesThatTheDiskWasFull() throws Exception {
    Host.mountMemory(home, "8m");
    Checkout checkout = bric.checkout();
    String script = "head -c 20000000 /dev/zero > big 2>/dev/null || true";
    checkout.run(script).exits(74);
    assertFalse(checkout.has("big"));
    Host.succeeds(home, "mount", "-o", "remount,size=100m", home.toString());
    checkout.run(script).exits(0).ran("first time");
    assertEquals(20_000_000, Files.size(checkout.root().resolve("big")));
  }

  @Test
  void aStoreOnAnotherFileSystem() throws Exception {
    Host.mountMemory(home, "64m");
    Checkout checkout = bric.checkout().write("a", "a\n").write("x", "x\n").mode("x", "rwxr-xr-x");
    String script = "cat a > out; cp x tool; rm x; mkdir d; ln -s ../out d/l";
    checkout.run(script).exits(0).ran("first time");
    String made = checkout.everything().toString();
    assertEquals(
        "{a=rw-r--r-- a\n, d=rwxr-xr-x, d/l=link to ../out, out=rw-r--r-- a\n, tool=rwxr-xr-x x\n}",
        made);
    checkout.write("x", "x\n").mode("x", "rwxr-xr-x").delete("d").delete("tool");
    checkout.run(script).exits(0).isRemembered();
    assertEquals(made, checkout.everything().toString());
  }

  @Test
  void aReadOnlyWorkspace() throws Exception {
    Checkout checkout = bric.checkout();
    Host.mountMemory(checkout.root(), "1m");
    try {
      checkout.write("a", "a\n");
      Host.succeeds(home, "mount", "-o", "remount,ro", checkout.root().toString());
      Answer refused = checkout.run("cat a > out").exits(73);
      assertEquals(
          "bric: cannot write "
              + checkout.root().resolve("out")
              + ": Read-only file system; make the workspace writable, or use --no-write-back\n",
          refused.outcome().stderr());
      checkout.run("cat a").exits(0).prints("a\n");
      checkout.run(List.of("--no-write-back"), "cat a > out").exits(0).isRemembered();
    } finally {
      Host.unmount(checkout.root());
    }
  }

  @Test
  void aWorkspaceThatIsFull() throws Exception {
    Checkout checkout = bric.checkout();
    Host.mountMemory(checkout.root(), "1m");
    try {
      checkout.write("a", "a\n");
      Answer refused = checkout.run("head -c 3000000 /dev/zero > out");
      assertEquals(
          "bric: cannot write "
              + checkout.root().resolve("out")
              + ": No space left on device; free some space and run again: the result is remembered\n",
          refused.outcome().stderr());
      refused.exits(73);
      assertEquals("{a=rw-r--r-- a\n}", checkout.everything().toString());
    } finally {
      Host.unmount(checkout.root());
    }
  }
}

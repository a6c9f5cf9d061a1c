package dev.bricolage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** BRIC_HOME in all the places where it cannot be, and other users. */
@Timeout(120)
final class HomeTest {
  /** A user without a name, which also tests that names are not needed. */
  private static final int STRANGER = 12345;

  private Bric bric;
  private boolean root;

  @BeforeEach
  void open() throws IOException {
    bric = Bric.installed();
    root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  @AfterEach
  void close() throws IOException {
    bric.close();
  }

  /** Only root can be somebody else; in CI the tests run as root. */
  private void needRoot() {
    assumeTrue(root || "true".equals(System.getenv("CI")), "needs root to become another user");
  }

  /** The client run by the stranger, from a copy of the installation that it can read. */
  private Bric.Outcome asStranger(Path home, String... arguments) throws Exception {
    Files.setPosixFilePermissions(bric.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path dist = bric.folder().resolve("dist");
    if (!Files.exists(dist)) {
      Bric.copyDist(dist);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + STRANGER,
                "--regid=" + STRANGER,
                "--clear-groups",
                dist.resolve("bin/bric").toString()));
    command.addAll(List.of(arguments));
    bric.with("BRIC_HOME", home.toString());
    try {
      return Bric.outcome(bric.start(command));
    } finally {
      bric.with("BRIC_HOME", bric.home().toString());
    }
  }

  private Path homeOfStranger() throws IOException {
    Path home = Files.createDirectory(bric.folder().resolve("theirs"));
    Files.setAttribute(home, "unix:uid", STRANGER);
    return home;
  }

  @Test
  void tooLong() throws Exception {
    String home = bric.folder() + "/" + "x".repeat(100);
    bric.with("BRIC_HOME", home);
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: BRIC_HOME is too long: "
                + home
                + " has "
                + home.length()
                + " bytes and may have 80, because sockets are made in it; set BRIC_HOME to a"
                + " shorter folder\n"),
        bric.run("--version"));
    assertFalse(Files.exists(Path.of(home)));
  }

  @Test
  void longerThanAPath() throws Exception {
    bric.with("BRIC_HOME", "/" + "x".repeat(5000));
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: BRIC_HOME is longer than a path may be (4096 bytes); set it to a shorter"
                + " folder\n"),
        bric.run("--version"));
  }

  @Test
  void asLongAsItMayBe() throws Exception {
    int rest = 80 - bric.folder().toString().length() - 1;
    Path home = bric.folder().resolve("y".repeat(rest));
    bric.with("BRIC_HOME", home.toString());
    assertEquals(0, bric.run("--version").status());
    assertEquals(0, bric.run("shutdown", "--wait").status());
  }

  @Test
  void belowAFile() throws Exception {
    Path file = Files.createFile(bric.folder().resolve("file"));
    bric.with("BRIC_HOME", file.resolve("home").toString());
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: cannot create BRIC_HOME "
                + file
                + "/home: Not a directory; set BRIC_HOME to a folder you may write to\n"),
        bric.run("--version"));
  }

  @Test
  void aFile() throws Exception {
    Path file = Files.createFile(bric.folder().resolve("file"));
    bric.with("BRIC_HOME", file.toString());
    assertEquals(
        new Bric.Outcome(
            73, "", "bric: BRIC_HOME " + file + " is not a folder; set BRIC_HOME to one\n"),
        bric.run("--version"));
  }

  @Test
  void nowhere() throws Exception {
    bric.without("BRIC_HOME");
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: no place for the store: none of BRIC_HOME, XDG_CACHE_HOME and HOME is set; set"
                + " BRIC_HOME to a folder of yours\n"),
        bric.run("--version"));
  }

  @Test
  void chosenByTheEnvironment() throws Exception {
    bric.without("BRIC_HOME").with("HOME", bric.folder() + "/user");
    String told = "bric: no daemon is running for BRIC_HOME ";
    assertEquals(told + bric.folder() + "/user/.cache/bricolage\n", bric.run("shutdown").stderr());
    bric.with("XDG_CACHE_HOME", bric.folder() + "/cache");
    assertEquals(told + bric.folder() + "/cache/bricolage\n", bric.run("shutdown").stderr());
    bric.with("XDG_CACHE_HOME", "relative");
    assertEquals(told + bric.folder() + "/user/.cache/bricolage\n", bric.run("shutdown").stderr());
    bric.with("BRIC_HOME", "here//");
    assertEquals(told + bric.folder() + "/here\n", bric.run("shutdown").stderr());
  }

  @Test
  void foldersAboveItAreMade() throws Exception {
    bric.without("BRIC_HOME").with("HOME", bric.folder() + "/user");
    assertEquals(0, bric.run("--version").status());
    Path made = bric.folder().resolve("user/.cache/bricolage");
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    assertEquals(0, bric.run("shutdown", "--wait").status());
  }

  @Test
  void notWritable() throws Exception {
    needRoot();
    Path home = bric.folder().resolve("roots/home");
    Files.createDirectory(bric.folder().resolve("roots"));
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: cannot create BRIC_HOME "
                + home
                + ": Permission denied; set BRIC_HOME to a folder you may write to\n"),
        asStranger(home, "--version"));
    Path closed = homeOfStranger();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: cannot write to BRIC_HOME: "
                + closed
                + "/daemon.lock: Permission denied; set BRIC_HOME to a folder you may write to\n"),
        asStranger(closed, "--version"));
  }

  @Test
  void ofSomebodyElse() throws Exception {
    needRoot();
    Path home = homeOfStranger();
    bric.with("BRIC_HOME", home.toString());
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: BRIC_HOME "
                + home
                + " belongs to uid 12345 and you are uid 0; set BRIC_HOME to a folder of your"
                + " own\n"),
        bric.run("--version"));
  }

  /** Root may connect to anybody's socket; neither side lets that pass. */
  @Test
  void aSocketOfSomebodyElse() throws Exception {
    needRoot();
    Path home = homeOfStranger();
    Bric.Outcome started = asStranger(home, "--version");
    assertEquals("", started.stderr());
    assertEquals(0, started.status());
    try {
      Path socket = home.resolve("daemon.sock");
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
      }
      bric.with("BRIC_HOME", home.toString());
      assertEquals(
          new Bric.Outcome(
              71,
              "",
              "bric: the daemon behind "
                  + socket
                  + " belongs to uid 12345 and you are uid 0; set BRIC_HOME to a folder of your"
                  + " own\n"),
          bric.run("--version"));
      assertTrue(
          Files.readString(home.resolve("daemon.log"))
              .contains("refused a connection from another user"));
    } finally {
      assertEquals(0, asStranger(home, "shutdown", "--wait").status());
    }
  }

  @Test
  void onAFileSystemThatIsFull() throws Exception {
    needRoot();
    Path home = Files.createDirectory(bric.folder().resolve("full"));
    Process mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", home.toString())
            .start();
    assertEquals(new Bric.Outcome(0, "", ""), Bric.outcome(mount));
    try {
      Files.write(home.resolve("filler"), new byte[4096]);
      bric.with("BRIC_HOME", home.toString());
      assertEquals(
          new Bric.Outcome(
              74,
              "",
              "bric: no space is left in BRIC_HOME "
                  + home
                  + " for the daemon to start; make room there, or set BRIC_HOME to a folder on a"
                  + " larger disk\n"),
          bric.run("--version"));
    } finally {
      Bric.outcome(new ProcessBuilder("umount", "-l", home.toString()).start());
    }
  }
}

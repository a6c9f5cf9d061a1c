package dev.bricolage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of real daemons, started by the real client. */
@Timeout(120)
final class DaemonTest {
  private Bric bric;

  @BeforeEach
  void open() throws IOException {
    bric = Bric.installed();
  }

  @AfterEach
  void close() throws IOException {
    bric.close();
  }

  private void answers() throws Exception {
    Bric.Outcome outcome = bric.run("--version");
    assertEquals("", outcome.stderr());
    assertEquals(0, outcome.status());
    assertTrue(outcome.stdout().endsWith("(build " + bric.buildId() + ")\n"), outcome.stdout());
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertEquals(0, Bric.outcome(kill).status());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void startsOnDemandAndPrivately() throws Exception {
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    assertEquals("rwx------", mode(bric.home()));
    assertEquals("rw-------", mode(bric.home().resolve("daemon.sock")));
    assertEquals("rw-------", mode(bric.home().resolve("daemon.log")));
    answers();
    assertEquals(first.pid(), bric.daemon().orElseThrow().pid());
  }

  @Test
  void hasNeitherTerminalNorFolderNorTheClientsVariables() throws Exception {
    bric.with("SECRET", "x").with("JAVA_TOOL_OPTIONS", "-Dx=y").with("LC_ALL", "de_DE");
    answers();
    Path process = Path.of("/proc", Long.toString(bric.daemon().orElseThrow().pid()));
    assertEquals(Path.of("/"), process.resolve("cwd").toRealPath());
    String environ = Files.readString(process.resolve("environ"));
    assertFalse(environ.contains("SECRET"), environ);
    assertFalse(environ.contains("JAVA_TOOL_OPTIONS"), environ);
    assertTrue(environ.contains("LC_ALL=C.UTF-8"), environ);
    assertEquals(bric.home().resolve("daemon.lock"), process.resolve("fd/3").toRealPath());
  }

  @Test
  void twentyClientsAtOnceStartOneDaemon() throws Exception {
    List<Process> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(bric.start("--version"));
    }
    for (Process client : clients) {
      Bric.Outcome outcome = Bric.outcome(client);
      assertEquals("", outcome.stderr());
      assertEquals(0, outcome.status());
    }
    assertEquals(1, bric.log().lines().filter(line -> line.contains(" started, ")).count());
  }

  @Test
  void aStaleSocketIsReplaced() throws Exception {
    Files.createDirectories(bric.home());
    Path socket = bric.home().resolve("daemon.sock");
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(socket));
    dead.close();
    assertTrue(Files.exists(socket));
    answers();
  }

  @Test
  void aStaleLockFileIsNoLock() throws Exception {
    Files.createDirectories(bric.home());
    Files.writeString(bric.home().resolve("daemon.lock"), "left behind");
    Files.writeString(bric.home().resolve("daemon.pid"), "1\n");
    answers();
  }

  @Test
  void afterAKillTheNextClientStartsAnother() throws Exception {
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    signal("KILL", first.pid());
    Bric.awaitExit(first);
    answers();
    assertNotEquals(first.pid(), bric.daemon().orElseThrow().pid());
  }

  @Test
  void aDaemonOfAnotherBuildIsReplaced() throws Exception {
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    Path other = Bric.copyDist(bric.folder().resolve("dist"));
    Files.writeString(other.resolve("build-id"), "0123456789abcdef\n");
    Bric.Outcome outcome = Bric.outcome(bric.startFrom(other, "--version"));
    assertEquals("", outcome.stderr());
    assertTrue(outcome.stdout().endsWith("(build 0123456789abcdef)\n"), outcome.stdout());
    Bric.awaitExit(first);
    answers(); // and back again
  }

  @Test
  void aReplacedDaemonFinishesWhatItRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Host old =
        new Host(
            bric,
            (_, session) -> {
              running.countDown();
              goOn.await();
              session.print("done by the old one\n");
              return 3;
            })) {
      Process first = bric.start("run", "x");
      running.await();
      Path other = Bric.copyDist(bric.folder().resolve("dist"));
      Files.writeString(other.resolve("build-id"), "0123456789abcdef\n");
      Bric.Outcome second = Bric.outcome(bric.startFrom(other, "--version"));
      assertTrue(second.stdout().endsWith("(build 0123456789abcdef)\n"), second.toString());
      assertFalse(old.ended(Duration.ofMillis(1)));
      goOn.countDown();
      assertEquals(new Bric.Outcome(3, "done by the old one\n", ""), Bric.outcome(first));
      assertTrue(old.ended(Duration.ofSeconds(10)));
    }
  }

  @Test
  void goesWhenIdle() throws Exception {
    bric.with("BRIC_IDLE", "1");
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    Bric.awaitExit(first);
    assertFalse(Files.exists(bric.home().resolve("daemon.sock")));
    assertFalse(Files.exists(bric.home().resolve("daemon.pid")));
    answers();
  }

  @Test
  void sigtermLetsItGo() throws Exception {
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    signal("TERM", first.pid());
    Bric.awaitExit(first);
    assertFalse(Files.exists(bric.home().resolve("daemon.sock")));
    assertTrue(bric.log().contains(" draining, 0 running\n"), bric.log());
  }

  @Test
  void shutdownWithoutADaemon() throws Exception {
    assertEquals(
        new Bric.Outcome(0, "", "bric: no daemon is running for BRIC_HOME " + bric.home() + "\n"),
        bric.run("shutdown"));
    assertFalse(Files.exists(bric.home()));
  }

  @Test
  void shutdownWaits() throws Exception {
    answers();
    ProcessHandle daemon = bric.daemon().orElseThrow();
    assertEquals(new Bric.Outcome(0, "", ""), bric.run("shutdown", "--wait"));
    // It may be a zombie for as long as init takes to notice; that has no program any more.
    assertFalse(Files.exists(Path.of("/proc", Long.toString(daemon.pid()), "exe")));
    assertEquals(Optional.empty(), bric.daemon());
  }

  @Test
  void shutdownTellsWhatStillRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Host _ =
        new Host(
            bric,
            (_, _) -> {
              running.countDown();
              goOn.await();
              return 0;
            })) {
      Process client = bric.start("run", "x");
      running.await();
      Bric.Outcome outcome = bric.run("shutdown");
      assertEquals(
          new Bric.Outcome(
              0,
              "",
              "bric: the daemon (pid "
                  + ProcessHandle.current().pid()
                  + ") exits when its 1 running request ends\n"),
          outcome);
      goOn.countDown();
      assertEquals(0, Bric.outcome(client).status());
    }
  }

  @Test
  void shutdownHasNoOtherWords() throws Exception {
    Bric.Outcome outcome = bric.run("shutdown", "--now");
    assertEquals(64, outcome.status());
    assertTrue(
        outcome.stderr().startsWith("bric: shutdown: unknown argument '--now'\nUsage: "),
        outcome.stderr());
  }

  /** The old daemon must not take the new one's socket away when it ends. */
  @Test
  void aDeletedHomeIsMadeAgain() throws Exception {
    answers();
    ProcessHandle first = bric.daemon().orElseThrow();
    Bric.delete(bric.home());
    answers();
    ProcessHandle second = bric.daemon().orElseThrow();
    assertNotEquals(first.pid(), second.pid());
    signal("TERM", first.pid());
    Bric.awaitExit(first);
    answers();
    assertEquals(second.pid(), bric.daemon().orElseThrow().pid());
  }

  @Test
  void aLargeLogIsEmptied() throws Exception {
    Files.createDirectories(bric.home());
    Path log = bric.home().resolve("daemon.log");
    Files.write(log, new byte[(10 << 20) + 1]);
    answers();
    assertTrue(Files.size(log) < 10_000, "size " + Files.size(log));
  }

  @Test
  void aDaemonThatCannotStartIsExplained() throws Exception {
    Path broken = Bric.copyDist(bric.folder().resolve("dist"));
    Files.writeString(broken.resolve("libexec/jvm-options"), "-XX:+NoSuchOption\n");
    Bric.Outcome outcome = Bric.outcome(bric.startFrom(broken, "--version"));
    assertEquals(70, outcome.status());
    assertTrue(
        outcome
            .stderr()
            .startsWith(
                "bric: the daemon ended while it started; the last lines of "
                    + bric.home().resolve("daemon.log")
                    + ":\n"),
        outcome.stderr());
    assertTrue(outcome.stderr().contains("NoSuchOption"), outcome.stderr());
    assertTrue(
        outcome
            .stderr()
            .endsWith(
                "bric: this is a fault of Bricolage or of the JDK: please report it with that log"
                    + " and the output of `bric doctor`\n"),
        outcome.stderr());
  }

  @Test
  void aStoreOfANewerFormatIsNoFaultOfOurs() throws Exception {
    Files.createDirectories(bric.home());
    Files.writeString(bric.home().resolve("format"), "bricolage store 99\n");
    Bric.Outcome outcome = bric.run("--version");
    assertEquals(74, outcome.status());
    assertTrue(outcome.stderr().startsWith("bric: "), outcome.stderr());
    assertTrue(outcome.stderr().contains("99"), outcome.stderr());
    assertEquals(1, outcome.stderr().lines().count(), outcome.stderr());
  }

  @Test
  void aMissingJdkIsExplained() throws Exception {
    bric.with("JAVA_HOME", "/nowhere").with("BRIC_JVM_DIRS", "/nowhere").with("PATH", "/nowhere");
    assertEquals(
        new Bric.Outcome(
            71,
            "",
            "bric: no JDK 25 or later was found (looked in JAVA_HOME, the usual folders and PATH);"
                + " install one, for example Eclipse Temurin 25 or Debian's openjdk-25-jdk, or set"
                + " JAVA_HOME to it\n"),
        bric.run("--version"));
  }

  @Test
  void aJdkThatIsTooOldIsExplained() throws Exception {
    Path jdk = Files.createDirectories(bric.folder().resolve("jdk-21"));
    Files.createDirectories(jdk.resolve("bin"));
    Files.copy(bric.program(), jdk.resolve("bin/java"));
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"21.0.2\"\n");
    bric.with("JAVA_HOME", jdk.toString()).with("BRIC_JVM_DIRS", "").with("PATH", "/nowhere");
    assertEquals(
        new Bric.Outcome(
            71,
            "",
            "bric: no JDK 25 or later was found ("
                + jdk
                + " is 21; looked in JAVA_HOME, the usual folders and PATH); install one, for"
                + " example Eclipse Temurin 25 or Debian's openjdk-25-jdk, or set JAVA_HOME to"
                + " it\n"),
        bric.run("--version"));
  }

  @Test
  void garbageOnTheSocketHarmsNobody() throws Exception {
    answers();
    Path socket = bric.home().resolve("daemon.sock");
    byte[][] junk = {
      {}, {1}, {9, 9, 9, 9, 9, 9}, {1, -1, -1, -1, -1}, {1, 0, 0, 0, 0}, {1, 9, 0, 0, 0, 1, 0, 0}
    };
    for (byte[] bytes : junk) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        channel.write(ByteBuffer.wrap(bytes));
        channel.shutdownOutput();
        assertTrue(channel.read(ByteBuffer.allocate(1)) <= 0);
      } catch (IOException reset) {
        assertTrue(reset.toString().contains("reset"), reset.toString());
      }
    }
    answers();
  }

  @Test
  void clientsComeAndGoWhileDaemonsDie() throws Exception {
    List<Process> clients = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 5; i++) {
        clients.add(bric.start("--version"));
      }
      bric.run("shutdown");
    }
    for (Process client : clients) {
      assertEquals(0, Bric.outcome(client).status());
    }
    assertTrue(bric.run("shutdown", "--wait").status() == 0);
  }
}

package dev.bricolage.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real client against a daemon in this JVM whose work the test chooses. */
@Timeout(120)
final class ClientTest {
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private Bric bric;

  @BeforeEach
  void open() throws IOException {
    bric = Bric.installed();
  }

  @AfterEach
  void close() throws IOException {
    bric.close();
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertEquals(0, Bric.outcome(kill).status());
  }

  @Test
  void wordsFolderVariablesAndMaskArrive() throws Exception {
    List<Request> seen = Collections.synchronizedList(new ArrayList<>());
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              seen.add(session.request());
              return 7;
            })) {
      bric.with("V", "äöü=\n");
      assertEquals(
          new Bric.Outcome(7, "", ""), bric.shell("umask 027; exec \"$BRIC\" run -- a '' 'b c'"));
    }
    Request request = seen.getFirst();
    assertEquals(List.of("run", "--", "a", "", "b c"), request.arguments());
    assertEquals(bric.folder().toString(), request.directory());
    assertEquals("äöü=\n", request.environment().get("V"));
    assertEquals(027, request.umask());
    assertEquals(Terminal.NONE, request.terminal());
  }

  @Test
  void outputKeepsItsBytesAndItsStream() throws Exception {
    byte[] bytes = new byte[3_000_001];
    new Random(1).nextBytes(bytes);
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.stdout().write(bytes);
              session.stderr().write(bytes, 0, 1000);
              session.stdout().write(65);
              return 0;
            })) {
      Bric.Outcome outcome = bric.run("run", "x");
      assertEquals(0, outcome.status());
      assertTrue((new String(bytes, ISO_8859_1) + "A").equals(outcome.stdout()));
      assertTrue(new String(bytes, 0, 1000, ISO_8859_1).equals(outcome.stderr()));
    }
  }

  @Test
  void streamsKeepTheirOrder() throws Exception {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      expected.append("o").append(i).append("\ne").append(i).append('\n');
    }
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              for (int i = 0; i < 500; i++) {
                session.print("o" + i + "\n");
                session.stderr().write(("e" + i + "\n").getBytes(ISO_8859_1));
              }
              return 0;
            })) {
      assertEquals(expected.toString(), bric.shell("\"$BRIC\" run x 2>&1").stdout());
    }
  }

  /** Work that tells of each signal it gets and ends with 128 + n at the one it is waiting for. */
  private static FakeWork.Run untilSignal(int awaited, BlockingQueue<Integer> seen) {
    return (_, session) -> {
      CountDownLatch over = new CountDownLatch(1);
      session.onSignal(number -> {
        seen.add(number);
        if (number == awaited) {
          over.countDown();
        }
      });
      session.print("ready\n");
      over.await();
      return ExitStatus.ofSignal(awaited);
    };
  }

  private static void awaitReady(Process client) throws IOException {
    assertEquals("ready\n", new String(client.getInputStream().readNBytes(6), ISO_8859_1));
  }

  @Test
  void signalsReachTheWork() throws Exception {
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    try (Host _ = new Host(bric, untilSignal(SIGINT, seen))) {
      Process client = bric.start("run", "x");
      awaitReady(client);
      signal("INT", client);
      assertEquals(130, Bric.outcome(client).status());
      assertEquals(SIGINT, seen.take());
    }
  }

  /** Only a process that a signal has ended makes bash say so. */
  @Test
  void theClientEndsByTheSignalItself() throws Exception {
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    try (Host _ = new Host(bric, untilSignal(SIGTERM, seen))) {
      Bric.Outcome outcome =
          bric.shell(
              "mkfifo ready; { read line < ready; kill -TERM $(cat pid); } &"
                  + " sh -c 'echo $$ > pid; exec \"$BRIC\" run x > ready'; echo status $?");
      assertEquals("status 143\n", outcome.stdout());
      assertTrue(outcome.stderr().contains("Terminated"), outcome.stderr());
    }
  }

  @Test
  void aStatusAbove128WithoutASignalIsOnlyAStatus() throws Exception {
    try (Host _ = new Host(bric, (_, _) -> 143)) {
      Bric.Outcome outcome = bric.shell("\"$BRIC\" run x; echo status $?");
      assertEquals(new Bric.Outcome(0, "status 143\n", ""), outcome);
    }
  }

  @Test
  void withoutAHandlerASignalInterrupts() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.print("ready\n");
              never.await();
              return 0;
            })) {
      Process client = bric.start("run", "x");
      awaitReady(client);
      signal("INT", client);
      assertEquals(new Bric.Outcome(130, "", ""), Bric.outcome(client));
    }
  }

  @Test
  void theSecondSignalInterruptsWorkThatHandlesThem() throws Exception {
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    try (Host _ = new Host(bric, untilSignal(SIGTERM, seen))) {
      Process client = bric.start("run", "x");
      awaitReady(client);
      signal("INT", client);
      assertEquals(SIGINT, seen.take());
      signal("INT", client);
      assertEquals(130, Bric.outcome(client).status());
    }
  }

  @Test
  void theThirdSignalEndsTheClientWhateverTheWorkDoes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.onSignal(seen::add);
              session.print("ready\n");
              while (true) {
                try {
                  goOn.await();
                  return 0;
                } catch (InterruptedException stubborn) {
                  interrupted.countDown();
                }
              }
            })) {
      Process client = bric.start("run", "x");
      awaitReady(client);
      signal("INT", client);
      assertEquals(SIGINT, seen.take());
      signal("INT", client);
      interrupted.await();
      signal("INT", client);
      assertEquals(130, Bric.outcome(client).status());
      goOn.countDown();
    }
  }

  @Test
  void aKilledClientCancelsItsRequest() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.print("ready\n");
              try {
                never.await();
              } finally {
                cancelled.countDown();
              }
              return 0;
            })) {
      Process client = bric.start("run", "x");
      awaitReady(client);
      client.destroyForcibly();
      cancelled.await();
    }
  }

  /**
   * A client that is stopped, or whose reader is, fills the way to it; Ctrl-C still gets through.
   */
  @Test
  void aSignalGetsPastAFullPipe() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              byte[] block = new byte[1 << 20];
              session.stdout().write(block);
              writing.countDown();
              while (true) {
                session.stdout().write(block);
              }
            })) {
      Process client = bric.start("run", "x");
      writing.await();
      signal("INT", client);
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertEquals(130, client.waitFor());
    }
  }

  @Test
  void aReaderThatLeavesEndsTheClientQuietly() throws Exception {
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              while (true) {
                session.stdout().write(new byte[1 << 16]);
              }
            })) {
      Bric.Outcome outcome =
          bric.shell("\"$BRIC\" run x | head -c 10 > /dev/null; echo ${PIPESTATUS[0]}");
      assertEquals(new Bric.Outcome(0, "141\n", ""), outcome);
    }
  }

  @Test
  void aFullDiskBehindStdoutIsTold() throws Exception {
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.print("x");
              return 0;
            })) {
      assertEquals(
          new Bric.Outcome(
              74, "", "bric: cannot write to standard output: No space left on device\n"),
          bric.shell("\"$BRIC\" run x > /dev/full"));
      assertEquals(
          new Bric.Outcome(74, "", "bric: cannot write to standard output: Bad file descriptor\n"),
          bric.shell("\"$BRIC\" run x >&-"));
      assertEquals(new Bric.Outcome(0, "x", ""), bric.shell("\"$BRIC\" run x <&- 2>&-"));
    }
  }

  @Test
  void theTerminalAndItsNewSizeArrive() throws Exception {
    BlockingQueue<Terminal> seen = new LinkedBlockingQueue<>();
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              seen.add(session.terminal());
              Files.writeString(bric.folder().resolve("ready"), "go\n");
              // stty sets the rows by one call and the columns by another: each is a new size.
              while (session.terminal().columns() == 100 || session.terminal().rows() == 40) {
                Thread.sleep(1);
              }
              seen.add(session.terminal());
              return 0;
            })) {
      bric.with("BRIC", bric.program().toString());
      Process script =
          bric.start(
              List.of(
                  "script",
                  "-qefc",
                  "mkfifo ready; stty cols 100 rows 40; \"$BRIC\" run x & read line < ready;"
                      + " stty cols 90 rows 30; wait",
                  "/dev/null"));
      // Without a job control of its own the shell leaves its background jobs in the foreground
      // group of the terminal, to which the kernel sends SIGWINCH.
      assertEquals(0, Bric.outcome(script).status());
    }
    assertEquals(new Terminal(false, true, true, 100, 40), seen.take());
    assertEquals(new Terminal(false, true, true, 90, 30), seen.take());
  }

  @Test
  void aDaemonThatDiesDuringARequest() throws Exception {
    Files.createDirectories(bric.home());
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(bric.home().resolve("daemon.sock")));
      Process client = bric.start("run", "x");
      try (SocketChannel channel = listener.accept()) {
        Frame.read(channel);
        Frame.read(channel);
        byte[] hello = new Hello(Hello.PROTOCOL, 1, bric.buildId()).encode();
        channel.write(Frame.encode(Frame.HELLO, hello));
      }
      assertEquals(
          new Bric.Outcome(
              70,
              "",
              "bric: the daemon ended during this request; what had not ended is not remembered; its log"
                  + " is "
                  + bric.home().resolve("daemon.log")
                  + "\n"),
          Bric.outcome(client));
    }
  }

  @Test
  void aDaemonThatSpeaksSomethingElse() throws Exception {
    Files.createDirectories(bric.home());
    Files.writeString(bric.home().resolve("daemon.pid"), "4711\n");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(bric.home().resolve("daemon.sock")));
      Process client = bric.start("run", "x");
      try (SocketChannel channel = listener.accept()) {
        channel.write(ByteBuffer.wrap("HTTP/1.1 400\r\n".getBytes(ISO_8859_1)));
        Bric.Outcome outcome = Bric.outcome(client);
        assertEquals(70, outcome.status());
        assertEquals(
            "bric: the daemon (pid 4711) speaks another protocol; its log is "
                + bric.home().resolve("daemon.log")
                + "; end it with kill -9 4711 and try again\n",
            outcome.stderr());
      }
    }
  }

  @Test
  void aFaultIsToldAndTheDaemonLivesOn() throws Exception {
    try (Host host =
        new Host(
            bric,
            (options, _) -> {
              if (options.argv().equals(List.of("bad"))) {
                throw new StackOverflowError("deep");
              }
              return 0;
            })) {
      Bric.Outcome outcome = bric.run("run", "bad");
      assertEquals(70, outcome.status());
      assertTrue(
          outcome.stderr().startsWith("bric: internal error: java.lang.StackOverflowError: deep\n"),
          outcome.stderr());
      assertTrue(host.log().contains("fault in a request: [run, bad]"), host.log());
      assertEquals(0, bric.run("run", "good").status());
    }
  }

  @Test
  void namesThatAreNotUtf8() throws Exception {
    try (Host _ = new Host(bric, (_, _) -> 0)) {
      assertEquals(
          new Bric.Outcome(64, "", "bric: argument 2 is not UTF-8: 'a\\xffb'; use a UTF-8 name\n"),
          bric.shell("\"$BRIC\" run $'a\\xffb'"));
      assertEquals(
          new Bric.Outcome(
              64,
              "",
              "bric: the current folder is not UTF-8: '"
                  + bric.folder()
                  + "/\\xfe'; use a UTF-8 name\n"),
          bric.shell(
              "mkdir $'\\xfe'; cd $'\\xfe'; \"$BRIC\" run x; s=$?; cd ..; rmdir $'\\xfe';"
                  + " exit $s"));
      assertEquals(
          new Bric.Outcome(64, "", "bric: run: -e ODD: its value is not UTF-8\n"),
          bric.shell("ODD=$'\\xff' \"$BRIC\" run -e ODD x"));
      assertEquals(0, bric.shell("ODD=$'\\xff' \"$BRIC\" run x").status());
    }
  }

  @Test
  void aFolderThatIsGone() throws Exception {
    Bric.Outcome outcome = bric.shell("mkdir d; cd d; rmdir ../d; exec \"$BRIC\" run x");
    assertEquals(66, outcome.status());
    assertTrue(
        outcome
            .stderr()
            .endsWith(
                "bric: the current folder is gone or has no name: No such file or directory; change to"
                    + " one that is there\n"),
        outcome.stderr());
  }

  /** Counts that lie must not leave the daemon waiting for a request that never was. */
  @Test
  void malformedRequestsLeaveNothingRunning() throws Exception {
    byte[][] payloads = {{}, {1, 2, 3}, bytes(17, 0xff), bytes(64, 0), bytes(64, 0x7f)};
    try (Host _ = new Host(bric, (_, _) -> 0)) {
      for (byte[] payload : payloads) {
        try (SocketChannel channel =
            SocketChannel.open(UnixDomainSocketAddress.of(bric.home().resolve("daemon.sock")))) {
          byte[] hello = new Hello(Hello.PROTOCOL, 1, bric.buildId()).encode();
          channel.write(Frame.encode(Frame.HELLO, hello));
          channel.write(Frame.encode(Frame.REQUEST, payload));
          assertEquals(Frame.HELLO, Frame.read(channel).orElseThrow().type());
          assertEquals(Frame.STDERR, Frame.read(channel).orElseThrow().type());
          assertEquals(Frame.EXIT, Frame.read(channel).orElseThrow().type());
        }
      }
      assertEquals(0, bric.run("run", "x").status());
    } // which waits until nothing runs
  }

  private static byte[] bytes(int length, int value) {
    byte[] filled = new byte[length];
    Arrays.fill(filled, (byte) value);
    return filled;
  }

  @Test
  void manyRequestsAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(20);
    try (Host _ =
        new Host(
            bric,
            (options, session) -> {
              all.countDown();
              all.await();
              session.print(options.argv().getFirst());
              return 0;
            })) {
      List<Process> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(bric.start("run", "n" + i));
      }
      for (int i = 0; i < 20; i++) {
        assertEquals(new Bric.Outcome(0, "n" + i, ""), Bric.outcome(clients.get(i)));
      }
    }
  }

  @Test
  void aMegabyteOfArguments() throws Exception {
    try (Host _ =
        new Host(
            bric,
            (options, session) -> {
              session.print(options.argv().size() + " " + options.argv().getLast().length());
              return 0;
            })) {
      List<String> command = new ArrayList<>(List.of(bric.program().toString(), "run", "--"));
      String word = "x".repeat(10_000);
      for (int i = 0; i < 100; i++) {
        command.add(word);
      }
      assertEquals(new Bric.Outcome(0, "100 10000", ""), Bric.outcome(bric.start(command)));
    }
  }

  /** What a warm request costs. The bound is wide, for busy machines; `./dev bench` has figures. */
  @Test
  void aWarmRequestIsQuick() throws Exception {
    try (Host _ = new Host(bric, (_, _) -> 0)) {
      bric.run("--version");
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 50; i++) {
        long start = System.nanoTime();
        assertEquals(0, bric.start("--version").waitFor());
        best = Math.min(best, System.nanoTime() - start);
      }
      assertTrue(best < 20_000_000, best + " ns");
    }
  }

  /** What the client runs comes between what was said before and what is said after. */
  @Test
  void actsAreTheClientsOwn() throws Exception {
    List<Acted> ended = Collections.synchronizedList(new ArrayList<>());
    Files.createDirectory(bric.folder().resolve("there"));
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              for (String script :
                  List.of("pwd; umask; echo $V; exit 3", "cat; kill -9 $$", "exec 1>&2; echo e")) {
                session.print("before\n");
                ended.add(
                    session.act(
                        bric.folder().resolve("there"), List.of("/bin/sh", "-c", script, "x")));
              }
              ended.add(session.act(bric.folder(), List.of("/none")));
              ended.add(session.act(bric.folder().resolve("none"), List.of("/bin/true")));
              session.print("after\n");
              return 7;
            })) {
      Bric.Outcome outcome =
          bric.with("V", "v")
              .shell("umask 027; echo given | { \"$BRIC\" run -- x 2>&1; echo $?; }");
      String where = bric.folder().resolve("there").toString();
      assertEquals(
          List.of(
              "before",
              where,
              "0027",
              "v",
              "before",
              "given",
              "before",
              "e",
              "bric: cannot run /none: No such file or directory",
              "bric: cannot change to " + bric.folder() + "/none: No such file or directory",
              "after",
              "7"),
          outcome.stdout().lines().toList());
    }
    assertEquals(
        List.of(
            new Acted(3, 0),
            new Acted(0, 9),
            new Acted(0, 0),
            new Acted(126, 0),
            new Acted(126, 0)),
        ended);
  }

  /** A signal is the child's matter; the daemon hears of the first, and the client waits. */
  @Test
  void theClientWaitsForItsChild() throws Exception {
    List<Integer> signals = Collections.synchronizedList(new ArrayList<>());
    try (Host _ =
        new Host(
            bric,
            (_, session) -> {
              session.onSignal(signals::add);
              session.act(
                  bric.folder(),
                  List.of(
                      "/bin/sh", "-c", "trap 'echo got' INT; echo up; read x; read y; echo end"));
              return 5;
            })) {
      Process client = bric.start("run", "--", "x");
      assertEquals("up", client.inputReader().readLine());
      for (int i = 0; i < 4; i++) {
        signal("INT", client);
      }
      client.outputWriter().write("a\nb\n");
      client.outputWriter().flush();
      assertEquals("end", client.inputReader().readLine());
      assertEquals(5, Bric.outcome(client).status());
    }
    assertEquals(List.of(SIGINT), signals);
  }
}

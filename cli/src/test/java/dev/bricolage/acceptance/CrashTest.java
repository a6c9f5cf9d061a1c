package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The daemon dies. */
@Timeout(180)
final class CrashTest {
  /** Reads, writes folders and files, and takes long enough to be hit at any point. */
  private static final String BUILD =
      """
      mkdir -p out
      for i in 1 2 3 4 5 6; do
        cat source > out/$i
        sleep 0.02
      done
      cat out/* > all
      """;

  private Installation bric;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  @Test
  void killedAtRandomMoments() throws Exception {
    Random random = new Random(20260702);
    Checkout checkout = bric.checkout();
    Checkout other = checkout.copy();
    int killed = 0;
    for (int round = 0; round < 6; round++) {
      String source = "source " + round % 4 + "\n";
      checkout.write("source", source);
      checkout.run("true"); // a daemon is up, so that the moment falls into the build
      Checkout.Going going = checkout.start(BUILD);
      Thread.sleep(random.nextInt(450)); // the moment is meant to be anywhere
      bric.kill();
      int status = going.answer().outcome().status();
      assertTrue(status == 0 || status == 70, "status " + status);
      killed += status == 0 ? 0 : 1;
      isRight(checkout, source, round);
      isRight(other.write("source", source), source, round);
    }
    assertTrue(killed > 0, "no build was hit");
    bric.shutdown();
    assertEquals(List.of(), leftovers(bric.home()));
  }

  private static void isRight(Checkout checkout, String source, int round) throws Exception {
    checkout.run(BUILD).exits(0);
    assertEquals(source.repeat(6), checkout.read("all"), "round " + round);
    for (int i = 1; i <= 6; i++) {
      assertEquals(source, checkout.read("out/" + i), "round " + round);
    }
    try (Stream<Path> names = Files.list(checkout.root())) {
      assertEquals(
          List.of("all", "out", "source"),
          names.map(path -> path.getFileName() + "").sorted().toList());
    }
    checkout.run(BUILD).exits(0).isRemembered();
  }

  /** What is in the folders for things under way. */
  static List<String> leftovers(Path home) throws IOException {
    try (Stream<Path> tmp = Files.list(home.resolve("tmp"));
        Stream<Path> runs = Files.list(home.resolve("runs"))) {
      return Stream.concat(tmp, runs).map(path -> home.relativize(path).toString()).toList();
    }
  }

  @Test
  void killedTheClientSaysWhereTheLogIs() throws Exception {
    Checkout checkout = bric.checkout();
    Checkout.Going going = checkout.start("echo started; exec sleep 1234.5");
    assertEquals("started", going.line());
    bric.kill();
    Answer answer = going.answer().exits(70);
    assertEquals(
        "bric: the daemon ended during this request; what had not ended is not remembered; its log is "
            + bric.home().resolve("daemon.log")
            + "\n",
        answer.outcome().stderr());
    assertTrue(Host.isRidOf("1234.5"), "the command outlived the daemon");
    checkout.run("echo works").exits(0).prints("works\n");
  }

  @Test
  void whatWasReportedDoneIsKept() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    for (int i = 0; i < 3; i++) {
      String script = "cat a > out; echo " + i;
      checkout.run(script).exits(0).ran("first time");
      bric.kill();
      checkout.delete("out");
      checkout.run(script).isRemembered().prints(i + "\n");
      assertEquals("1\n", checkout.read("out"));
    }
    assertEquals(6, bric.log().size());
  }

  /** The database's library, which a killed process would leave in the machine's /tmp. */
  @Test
  void nothingIsLeftInTheTemporaryFolder() throws Exception {
    Path tmp = bric.folder("tmp");
    bric.bric().with("BRIC_JAVA_OPTIONS", "-Djava.io.tmpdir=" + tmp);
    bric.checkout().run("true").exits(0);
    bric.kill();
    try (Stream<Path> left = Files.list(tmp)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aDeadHelperIsReplacedOrTheDaemonSaysSo() throws Exception {
    Checkout checkout = bric.checkout();
    checkout.run("echo 1").exits(0);
    long daemon = bric.bric().daemon().orElseThrow().pid();
    for (ProcessHandle child : ProcessHandle.of(daemon).orElseThrow().children().toList()) {
      Host.kill(child);
    }
    Answer second = checkout.run("echo 2");
    if (second.outcome().status() != 0) {
      assertEquals(70, second.outcome().status(), second::toString);
    }
    checkout.run("echo 2").exits(0).prints("2\n");
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people and file systems come up with. */
@Timeout(120)
final class BadInputTest {
  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  private static void refused(int status, String message, String... words) throws Exception {
    assertEquals(new Bric.Outcome(status, "", "bric: " + message + "\n"), bric.run(words));
  }

  @Test
  void noCommand() throws Exception {
    refused(64, "no command; see `bric --help`");
    refused(64, "run: no command; write it after the options: bric run -- make -j8", "run");
  }

  @Test
  void unknownFlagsAndCommands() throws Exception {
    refused(
        64,
        "run: unknown option '--frsh'; did you mean --fresh?; see `bric run --help`",
        "run",
        "--frsh",
        "--",
        "true");
    refused(64, "no command 'rnu'; see `bric --help`", "rnu");
  }

  @Test
  void missingPlaces() throws Exception {
    refused(66, "-C nowhere: no such directory", "run", "-C", "nowhere", "--", "true");
    refused(66, "--ro nowhere: no such file or directory", "run", "--ro", "nowhere", "--", "true");
    Checkout checkout = bric.checkout();
    checkout
        .run(List.of("--in", "../x"), "true")
        .isRefused(66, "../x is not in the workspace " + checkout.root());
  }

  @Test
  void theWholeMachineAsAWorkspace() throws Exception {
    refused(
        66,
        "/ would be taken into the sandbox as a whole: run in the project's folder, name it with"
            + " -C, or mark its root with an empty bric.toml",
        "run",
        "-C",
        "/",
        "--",
        "true");
  }

  @Test
  void aFolderThatGoesWhileItIsTheCurrentOne() throws Exception {
    Checkout checkout = bric.checkout();
    Path json = checkout.root().resolve("x");
    Process process =
        bric.bric()
            .start(
                List.of(
                    "sh",
                    "-c",
                    "cd \"$1\" && rmdir \"$1\" && exec \"$2\" run -- true",
                    "sh",
                    checkout.root().toString(),
                    bric.bric().program().toString()));
    Bric.Outcome outcome = Bric.outcome(process);
    assertTrue(!Files.exists(json) && outcome.status() == 66, outcome::toString);
    assertTrue(outcome.stderr().startsWith("bric: "), outcome::toString);
  }

  @Test
  void aFileThatMayNotBeRead() throws Exception {
    Assumptions.assumeTrue(User.STRANGER.isPossible());
    try (Installation theirs = Installation.of(User.STRANGER)) {
      Checkout checkout = theirs.checkout().write("a", "").write("secret", "");
      checkout.run("cat secret").exits(0);
      checkout.mode("secret", "---------");
      String denied =
          "secret: permission denied; make it readable, or exclude it with a line in .bricignore";
      checkout.run("cat secret").isRefused(66, denied);
      checkout.run("true").isRefused(66, denied);
      checkout.write(".bricignore", "secret\n");
      checkout.run("ls").exits(0).prints("a\n");
      checkout.write("d/f", "").mode("d", "---------");
      checkout
          .run("ls")
          .isRefused(
              66,
              "d: permission denied; make it readable, or exclude it with a line in .bricignore");
      checkout.mode("d", "rwxr-xr-x");
    }
  }

  @Test
  void filesThatComeAndGoDuringTheSnapshot() throws Exception {
    Checkout checkout = bric.checkout().write("a", "a\n");
    Path folder = Files.createDirectory(checkout.root().resolve("busy"));
    Thread busy =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                comeAndGo(folder, i % 50);
              }
            });
    try {
      for (int i = 0; i < 8; i++) {
        checkout.run("cat a; echo " + i).exits(0).prints("a\n" + i + "\n");
        checkout.run("ls -R busy > /dev/null; cat busy/* > /dev/null; cat a").exits(0);
      }
    } finally {
      busy.interrupt();
      busy.join();
    }
  }

  private static void comeAndGo(Path folder, int number) {
    try {
      Path file = folder.resolve("f" + number);
      Path below = folder.resolve("d" + number);
      if (!Files.deleteIfExists(file)) {
        Files.writeString(file, "text");
      }
      if (Files.exists(below)) {
        Bric.delete(below);
      } else {
        Files.writeString(Files.createDirectory(below).resolve("f"), "text");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNameThatIsNotUtf8() throws Exception {
    Checkout checkout = bric.checkout().write("d/a", "");
    Host.succeeds(checkout.root(), "bash", "-c", "echo x > d/$'caf\\xe9'");
    checkout
        .run("true")
        .isRefused(
            66, "d/caf\\xe9: the name is not UTF-8, which no remote cache can hold: rename it");
    Host.succeeds(checkout.root(), "bash", "-c", "rm d/$'caf\\xe9'");
    checkout.run("ls d").exits(0).prints("a\n");
  }

  @Test
  void aNameThatIsNotUtf8AndAtTheRoot() throws Exception {
    Checkout checkout = bric.checkout();
    Host.succeeds(checkout.root(), "bash", "-c", "echo x > $'caf\\xe9'");
    checkout
        .run("true")
        .isRefused(
            66, "./caf\\xe9: the name is not UTF-8, which no remote cache can hold: rename it");
  }

  @Test
  void anOutputWhoseNameIsNotUtf8() throws Exception {
    Checkout checkout = bric.checkout();
    Answer answer = checkout.run("echo x > \"$(printf 'caf\\351')\"; echo y > good").exits(0);
    answer.isNotRememberedFor("name is not UTF-8: /build/caf\\xe9");
    assertEquals(
        List.of(
            "name is not UTF-8: /build/caf\\xe9", "not kept: caf\u00e9 (its name is not UTF-8)"),
        answer.notes());
    assertEquals("{good=rw-r--r-- y\n}", checkout.everything().toString());
  }

  @Test
  void strangeNames() throws Exception {
    Checkout checkout = bric.checkout();
    String name = "a b\n\"c\\d*?'\u00e9\u4e2d-";
    checkout.write(name, "x").write("-rf", "y").write("..a", "z");
    checkout.run("cat -- *; for f in *; do cp -- \"$f\" \"$f.copy\"; done").exits(0);
    assertEquals("x", checkout.read(name + ".copy"));
    checkout.delete(name + ".copy");
    checkout.run("cat -- *; for f in *; do cp -- \"$f\" \"$f.copy\"; done").isRemembered();
    assertEquals("x", checkout.read(name + ".copy"));
    assertEquals("y", checkout.read("-rf.copy"));
  }

  @Test
  void socketsPipesAndDevices() throws Exception {
    Checkout checkout = bric.checkout().write("a", "");
    Host.succeeds(checkout.root(), "mkfifo", "pipe");
    Host.succeeds(
        checkout.root(),
        "perl",
        "-MSocket",
        "-e",
        "socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un('socket')) or die");
    if (User.callerIsRoot()) {
      Host.succeeds(checkout.root(), "mknod", "device", "c", "1", "3");
    }
    checkout.run("ls").exits(0).prints("a\n");
    checkout.run("ls").isRemembered();
    Answer made = checkout.run("mkfifo made; echo x > file").exits(0);
    assertEquals(List.of("not kept: made (a socket or a pipe)"), made.notes());
    assertEquals("x\n", checkout.read("file"));
  }

  @Test
  void linksInCircles() throws Exception {
    Checkout checkout = bric.checkout().link("l", "l").link("d", ".").write("a", "a\n");
    checkout.run("cat l; cat d/d/d/a").exits(0).prints("a\n");
    checkout.run("cat l; cat d/d/d/a").isRemembered();
  }

  @Test
  void aPathOf4000Bytes() throws Exception {
    Checkout checkout = bric.checkout().write("bric.toml", "");
    String name = "n".repeat(240);
    int folders = 15;
    // No single call takes a path that long from the root, so the shell goes down step by step.
    String down =
        "for i in $(seq " + folders + "); do mkdir -p " + name + "; cd " + name + "; done";
    Host.succeeds(checkout.root(), "bash", "-c", down + "; echo deep > file");
    Answer answer = checkout.run("true");
    int length = checkout.root().toString().length() + folders * 241 + 5;
    assertTrue(length < 4096 && length > 3600, "length " + length);
    answer.exits(0);
    String read = down.replace("mkdir -p " + name + "; ", "") + "; cat file; cp file copy";
    checkout.run(read).exits(0).prints("deep\n");
    checkout.run(read).exits(0).isRemembered().prints("deep\n");
  }

  @Test
  void aPathThatIsTooLongForTheKernel() throws Exception {
    Checkout checkout = bric.checkout();
    String name = "n".repeat(250);
    String down = "for i in $(seq 20); do mkdir " + name + "; cd " + name + "; done; echo > file";
    Host.succeeds(checkout.root(), "bash", "-c", down);
    try {
      Answer answer = checkout.run("true");
      answer.exits(74);
      assertTrue(answer.outcome().stderr().endsWith(": File name too long\n"), answer::toString);
    } finally {
      Host.succeeds(checkout.root(), "rm", "-rf", name); // beyond what the JDK can delete
    }
  }

  /** Measured apart: see the bench of large trees. */
  @Test
  void manyFiles() throws Exception {
    Checkout checkout = bric.checkout().write("a", "a\n");
    Host.succeeds(
        checkout.root(),
        "bash",
        "-c",
        "for d in $(seq 30); do mkdir d$d; (cd d$d; touch f{1..100}; echo $d > f1); done");
    checkout.run("cat d*/f1 | wc -l; find . -type f | wc -l").exits(0).prints("30\n3001\n");
    checkout.run("cat d*/f1 | wc -l; find . -type f | wc -l").exits(0).isRemembered();
    Files.writeString(checkout.root().resolve("d20/f1"), "edited\n\n");
    checkout
        .run("cat d*/f1 | wc -l; find . -type f | wc -l")
        .exits(0)
        .ranBecause("content /build/d20/f1")
        .prints("31\n3001\n");
  }

  @Test
  void aLargeSparseFileThatIsNotRead() throws Exception {
    Checkout checkout = bric.checkout().write("a", "a\n");
    try (RandomAccessFile file =
        new RandomAccessFile(checkout.root().resolve("disk.img").toFile(), "rw")) {
      file.setLength(300L << 20);
    }
    checkout.run("cat a; stat -c %s disk.img").exits(0).prints("a\n314572800\n");
    checkout.run("cat a; stat -c %s disk.img").isRemembered();
  }

  @Test
  void aJsonFileThatCannotBe() throws Exception {
    Checkout checkout = bric.checkout();
    refused(
        73,
        "--json %1$s/x.json: no directory %1$s".formatted(checkout.root().resolve("nowhere")),
        "run",
        "-C",
        checkout.root().toString(),
        "--json",
        checkout.root().resolve("nowhere/x.json").toString(),
        "--",
        "true");
  }

  @Test
  void withoutUserNamespaces() throws Exception {
    try (Installation theirs = Installation.ofCaller()) {
      Checkout checkout = theirs.checkout();
      // A namespace around client and daemon in which no further one may be made.
      String script =
          "echo 0 > /proc/sys/user/max_user_namespaces; cd \"$1\"; exec \"$2\" run -- true";
      String[] words = {"unshare", "-U", "-r", "sh", "-c", script, "sh"};
      List<String> command = new ArrayList<>(List.of(words));
      command.add(checkout.root().toString());
      command.add(theirs.bric().program().toString());
      Bric.Outcome outcome = Bric.outcome(theirs.bric().start(command));
      assertEquals(71, outcome.status(), outcome::toString);
      assertTrue(outcome.stderr().contains("user namespace"), outcome::toString);
    }
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Workers are another user's {@code bric serve} on another machine. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteWorkersTest {
  private static final String BUILD = "gcc -c a.c && gcc -c b.c && gcc -o program a.o b.o";
  private static final String NINJA =
      """
      rule cc
        command = gcc -MD -MF $out.d -c $in -o $out
        depfile = $out.d
        deps = gcc
      rule link
        command = gcc -o $out $in
      build a.o: cc a.c
      build b.o: cc b.c
      build program: link a.o b.o
      """;

  private NetMachine machine;
  private Installation theirs;
  private Installation ours;
  private Serving serving;

  @BeforeAll
  void open() throws Exception {
    assertTrue(User.callerIsRoot(), "only root can make machines");
    machine = NetMachine.open("bric-workers", "bricv9", "10.231.9");
    theirs = Installation.on("bric-workers", User.STRANGER);
    ours = Installation.ofCaller();
    Path tenants =
        Serving.tenants(
            theirs,
            "team token=%s execute update".formatted(Serving.hash("writes")),
            "team token=%s execute".formatted(Serving.hash("runs")));
    serving = Serving.start(theirs, 0, "--tenants", tenants.toString());
  }

  @AfterAll
  void close() throws Exception {
    serving.end();
    ours.close();
    theirs.close();
    machine.remove();
  }

  private String address() {
    return "grpc://" + machine.there() + ":" + serving.port();
  }

  private List<String> workers(String... more) {
    List<String> words = new ArrayList<>(List.of("--remote-executor=" + address()));
    words.addAll(List.of("--remote-timeout=5", "--remote-retries=1"));
    words.add("--remote-instance=team");
    words.add("--remote-header=authorization=Bearer writes");
    words.addAll(List.of(more));
    return words;
  }

  private Checkout checkout() throws Exception {
    return ours.checkout()
        .write("bric.toml", "")
        .write("a.c", "int b(void);\nint main(void) { return b(); }\n")
        .write("b.c", "int b(void) { return 7; }\n")
        .write("notes.txt", "nobody reads this\n");
  }

  private static String at(Answer answer) {
    return answer.run().get("at").getAsString();
  }

  /** Whether a file's bytes are in the workers' store. */
  private boolean isThere(Path file) throws Exception {
    String name = Host.succeeds(Path.of("/"), "sha256sum", file.toString()).substring(0, 64);
    try (Stream<Path> files = Files.walk(theirs.home())) {
      return files.anyMatch(path -> path.toString().replace("/", "").endsWith(name));
    }
  }

  @Test
  void whatRunsThereIsRememberedHereByWhatItRead() throws Exception {
    Checkout checkout = checkout();
    Answer ran = checkout.run(workers("--remote-upload=false"), BUILD).ran("first time");
    assertEquals(address(), at(ran));
    assertEquals("bric: ran in", ran.outcome().stderr().replaceFirst("(?s)(bric: ran in).*", "$1"));
    assertTrue(isThere(checkout.root().resolve("program")), "it was made here");
    assertEquals(7, exitOf(checkout));

    checkout.run(workers(), BUILD).isRemembered();
    checkout.write("notes.txt", "nor this\n").run(workers(), BUILD).isRemembered();
    checkout.run(BUILD).isRemembered();

    checkout.write("b.c", "int b(void) { return 8; }\n");
    Answer edited = checkout.run(workers(), BUILD).ranBecause("content /build/b.c");
    assertEquals(address(), at(edited));
    assertEquals(8, exitOf(checkout));
  }

  private static int exitOf(Checkout checkout) throws Exception {
    return new ProcessBuilder(checkout.root().resolve("program").toString()).start().waitFor();
  }

  @Test
  void whatItWritesAndDeletesComesHome() throws Exception {
    Checkout checkout = checkout().write("sub/old", "old\n");
    String script =
        "cd sub && mkdir -p new/empty && printf 'x\\n' > new/x && chmod +x new/x && ln -s new/x l"
            + " && rm old && echo two >> ../notes.txt";
    checkout.run(workers(), script).ran("first time").exits(0);
    assertEquals("x\n", checkout.read("sub/l"));
    assertTrue(Files.isExecutable(checkout.root().resolve("sub/new/x")));
    assertTrue(checkout.has("sub/new/empty"));
    assertFalse(checkout.has("sub/old"));
    assertEquals("nobody reads this\ntwo\n", checkout.read("notes.txt"));
  }

  @Test
  void whatFailsThereFailsAlike() throws Exception {
    Answer failed =
        checkout()
            .run(workers(), "echo out; echo err >&2; touch made; exit 3")
            .exits(3)
            .prints("out\n")
            .isNotRememberedFor("it failed");
    assertEquals(address(), at(failed));
    assertTrue(failed.outcome().stderr().startsWith("err\n"), failed::toString);
    checkout().run(workers("--timeout=1s"), "echo begun; sleep 60").exits(124).prints("begun\n");
  }

  @Test
  void aRaceHasOneResult() throws Exception {
    Checkout checkout = checkout();
    checkout.run(workers("--strategy=race"), BUILD).ran("first time").exits(0);
    assertEquals(7, exitOf(checkout));
    checkout.run(workers("--strategy=race"), "echo said; exit 4").exits(4).prints("said\n");
    checkout.run(workers("--strategy=local"), "cat notes.txt").ran("first time").exits(0);
  }

  @Test
  void outputsStayThereUntilTheyAreRead() throws Exception {
    Checkout checkout = checkout();
    checkout.run(workers("--download=minimal"), BUILD).ran("first time");
    assertFalse(checkout.has("program"));
    checkout.run(workers("--download=toplevel"), BUILD).isRemembered();
    assertEquals(7, exitOf(checkout));
  }

  @Test
  void ninjasEdgesRunThere() throws Exception {
    Checkout checkout = checkout().write("build.ninja", NINJA);
    Bric.Outcome built = checkout.ninja(words(workers()));
    assertTrue(built.stdout().endsWith("[3/3] gcc -o program a.o b.o\n"), built::toString);
    assertEquals("", built.stderr());
    assertTrue(isThere(checkout.root().resolve("program")), "it was made here");
    assertEquals("ninja: no work to do.\n", checkout.ninja(words(workers())).stdout());
    assertEquals("ninja: no work to do.\n", checkout.plainNinja().stdout());
    checkout.write("b.c", "int b(void) { return 8; }\n");
    Bric.Outcome edited = checkout.ninja(words(workers("--strategy=race")));
    assertTrue(edited.stdout().endsWith("[2/2] gcc -o program a.o b.o\n"), edited::toString);
    assertEquals(8, exitOf(checkout));
  }

  /** The first run there does not find the header, and tells that it looked for it. */
  @Test
  void whatNobodyDeclaredIsFoundThere() throws Exception {
    Checkout checkout =
        checkout()
            .write(
                "build.ninja",
                """
                rule by
                  command = cp notes.txt $out
                rule cc
                  command = gcc -c $in -o $out
                build c.o: cc c.c
                build made.h: by
                build all: phony c.o made.h
                """)
            .write("notes.txt", "int made;\n")
            .write("c.c", "#include \"made.h\"\n");
    Bric.Outcome built = checkout.ninja(words(workers("-j1", "--remote-upload=false"), "all"));
    assertEquals(0, built.status(), built::toString);
    assertTrue(isThere(checkout.root().resolve("c.o")), "it was made here");
  }

  /** A command that names the checkout's own path finds the workspace there, too. */
  @Test
  void checkoutsShareWhatTheWorkersMade() throws Exception {
    Checkout first = checkout();
    Checkout second = checkout();
    for (Checkout each : List.of(first, second)) {
      String root = each.root().toRealPath().toString();
      each.write("where", root + "/b.c\n");
      each.write(
          "build.ninja",
          """
          rule cc
            command = gcc -c $in -o $out
          rule by
            command = cat $$(cat where) > $out
          build a.o: cc %s/a.c
          build copy: by where
          """
              .formatted(root));
    }
    String[] words = words(workers("-j1", "--shared-path", "--remote-upload=false"));
    Bric.Outcome built = first.ninja(words);
    assertEquals("", built.stderr());
    assertEquals(2, ran(), built::toString);
    assertEquals(first.read("b.c"), first.read("copy"));
    Bric.Outcome again = second.ninja(words);
    assertEquals("", again.stderr());
    assertEquals(1, ran(), again::toString); // what is in its file is another path
    assertEquals(second.read("b.c"), second.read("copy"));
    assertTrue(second.has("a.o"));
  }

  /** How many edges of the last build ran. */
  private long ran() throws Exception {
    return ours.log().getFirst().getAsJsonArray("tools").asList().stream()
        .filter(edge -> edge.getAsJsonObject().get("answer").getAsString().equals("ran"))
        .count();
  }

  @Test
  void ofABuildComesWhatWasAskedFor() throws Exception {
    Checkout checkout = checkout().write("build.ninja", NINJA);
    String[] toplevel = words(workers("--download=toplevel"), "program");
    Bric.Outcome built = checkout.ninja(toplevel);
    assertTrue(built.stdout().endsWith("[3/3] gcc -o program a.o b.o\n"), built::toString);
    assertEquals(7, exitOf(checkout));
    assertFalse(checkout.has("a.o"));
    assertEquals("ninja: no work to do.\n", checkout.ninja(toplevel).stdout());
    Bric.Outcome all = checkout.ninja(words(workers()));
    assertFalse(all.stdout().contains("no work"), all::toString);
    assertTrue(checkout.has("a.o") && checkout.has("b.o"));
    assertTrue(ours.log().getFirst().toString().contains("\"answer\":\"remembered\""));
    assertEquals("ninja: no work to do.\n", checkout.plainNinja().stdout());
  }

  private static String[] words(List<String> options, String... more) {
    return Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void withoutThemItRunsHere() throws Exception {
    Checkout checkout = checkout();
    String nobody = "grpc://" + machine.there() + ":1";
    Answer here = checkout.run(List.of("--remote-executor=" + nobody, "--remote-retries=0"), BUILD);
    here.ran("first time").exits(0);
    assertEquals("", at(here));
    assertTrue(here.outcome().stderr().contains("bric: warning: "), here::toString);
    assertTrue(here.outcome().stderr().contains("; it runs here\n"), here::toString);
    assertEquals(7, exitOf(checkout));
  }

  @Test
  void whatItSaysIsHeardAtOnceAndAnInterruptionEndsItThere() throws Exception {
    Checkout.Going going = checkout().started(workers(), "sh", "-c", "echo begun; exec sleep 4321");
    assertEquals("begun", going.line());
    assertFalse(sleepers().isEmpty());
    going.signal("INT");
    going.answer().exits(130);
    while (!sleepers().isEmpty()) {
      Thread.onSpinWait(); // the server hears of it after the client has gone
    }
  }

  private static String sleepers() throws Exception {
    return Host.succeeds(Path.of("/"), "sh", "-c", "pgrep -x -f 'sleep 4321' || true");
  }

  @Test
  void whatMakesNoSenseIsRefused() throws Exception {
    Checkout checkout = checkout();
    checkout
        .run(List.of("--download=minimal"), "true")
        .isRefused(
            66,
            "--download leaves outputs at a server, and none is named: --remote-cache or"
                + " --remote-executor");
    checkout
        .run(List.of("--strategy=race"), "true")
        .isRefused(66, "--strategy=race needs workers: --remote-executor");
    checkout
        .run(workers("--remote-property=x"), "true")
        .isRefused(66, "--remote-property is written NAME=VALUE, not x");
    checkout.write("bric.toml", "[remote]\nstrategi = \"race\"\n");
    checkout
        .run(List.of(), "true")
        .isRefused(
            66,
            checkout.root().toRealPath()
                + "/bric.toml:2:1: no such key: remote.strategi; did you mean remote.strategy?");
  }
}

package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Colleagues: two users on two machines, which are network namespaces, and a third machine that
 * serves a cache. Nothing but the network is shared.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoMachinesTest {
  private NetMachine first;
  private NetMachine second;
  private Installation server;
  private Installation mine;
  private Installation theirs;
  private Serving serving;

  @BeforeAll
  void open() throws Exception {
    assertTrue(User.callerIsRoot(), "only root can make machines");
    first = NetMachine.open("bric-mine", "bricv7", "10.231.7");
    second = NetMachine.open("bric-theirs", "bricv8", "10.231.8");
    server = Installation.ofCaller();
    mine = Installation.on("bric-mine", User.CALLER);
    theirs = Installation.on("bric-theirs", User.STRANGER);
    serving = serve(0);
  }

  private Serving serve(int port) throws Exception {
    Path tenants =
        Serving.tenants(
            server,
            "team token=%s execute update".formatted(Serving.hash("writes")),
            "team token=%s execute".formatted(Serving.hash("reads")),
            "other token=%s execute update".formatted(Serving.hash("others")));
    return Serving.start(server, port, "--tenants", tenants.toString(), "--cache-only");
  }

  @AfterAll
  void close() throws Exception {
    serving.end();
    mine.close();
    theirs.close();
    server.close();
    first.remove();
    second.remove();
  }

  private String address() {
    return "grpc://" + first.here() + ":" + serving.port();
  }

  private List<String> cache(String instance, String token) {
    return List.of(
        "--remote-cache=" + address(),
        "--remote-instance=" + instance,
        "--remote-header=authorization=Bearer " + token,
        "--remote-timeout=5",
        "--remote-retries=1");
  }

  private static final String BUILD = "gcc -c a.c && gcc -c b.c && gcc -o program a.o b.o";

  /** The same sources on both machines, and nobody else's. */
  private List<Checkout> checkouts() throws Exception {
    Checkout here = mine.checkout();
    String scope = here.root().toString(); // no other test's memories
    List<Checkout> both =
        List.of(
            new Checkout(mine, here.root(), scope),
            new Checkout(theirs, theirs.checkout().root(), scope));
    for (Checkout checkout : both) {
      checkout
          .write("bric.toml", "")
          .write("a.c", "int b(void);\nint main(void) { return b(); }\n")
          .write("b.c", "int b(void) { return 7; }\n");
    }
    return both;
  }

  @Test
  void whatOneHasBuiltTheOtherFinds() throws Exception {
    List<Checkout> both = checkouts();
    both.getFirst().run(cache("team", "writes"), BUILD).ran("first time");
    Answer there = both.getLast().run(cache("team", "reads"), BUILD).isRemembered();
    assertEquals("", there.outcome().stdout());
    assertEquals(both.getFirst().everything(), both.getLast().everything());

    both.getLast().write("b.c", "int b(void) { return 8; }\n");
    Answer edited = both.getLast().run(cache("team", "reads"), BUILD);
    assertEquals(List.of("gcc -c a.c"), remembered(edited), edited::toString);
    assertTrue(edited.outcome().stderr().contains("warning: "), edited::toString); // may not write
  }

  private static List<String> remembered(Answer answer) {
    List<String> remembered = new ArrayList<>();
    answer
        .run()
        .getAsJsonArray("tools")
        .forEach(tool -> {
          if (tool.getAsJsonObject().get("answer").getAsString().equals("remembered")) {
            List<String> words = new ArrayList<>();
            tool.getAsJsonObject()
                .getAsJsonArray("command")
                .forEach(word -> words.add(word.getAsString()));
            remembered.add(String.join(" ", words).replaceFirst("^/usr/bin/", ""));
          }
        });
    return remembered;
  }

  @Test
  void settingsOfTheWorkspaceNameTheCache() throws Exception {
    List<Checkout> both = checkouts();
    for (Checkout checkout : both) {
      checkout.write(
          "bric.toml",
          """
          [remote]
          cache = "%s"
          instance = "team"
          header = ["authorization=Bearer writes"]
          """
              .formatted(address()));
    }
    both.getFirst().run(BUILD).ran("first time");
    both.getLast().run(List.of("--remote-cache=none"), BUILD).ran("first time");
    both.getLast().write("extra", "").run("cat extra").ran("first time");
    both.getFirst().write("extra", "").run("cat extra").isRemembered();
  }

  @Test
  void ninjasEdgesAreShared() throws Exception {
    List<Checkout> both = checkouts();
    String manifest =
        "rule cat\n  command = cat $in > $out # "
            + both.getFirst().scope()
            + "\nbuild out: cat a.c b.c\n";
    both.forEach(checkout -> ninja(checkout, manifest));
    String[] words = cache("team", "writes").toArray(String[]::new);
    assertTrue(both.getFirst().ninja(words).stdout().startsWith("[1/1] cat"));
    // Their checkout lies elsewhere, and an edge sees its workspace under its own path.
    assertTrue(both.getLast().ninja(words).stdout().startsWith("[1/1] cat"));
    both.getFirst().delete("out").delete(".ninja_log");
    mine.shutdown();
    Host.succeeds(Path.of("/"), "rm", "-rf", mine.home().toString());
    Files.createDirectory(mine.home());
    assertEquals("[1/1] cat", both.getFirst().ninja(words).stdout().substring(0, 9));
    String log = mine.log().getFirst().toString();
    assertTrue(log.contains("\"answer\":\"remembered\""), log);
    assertTrue(
        log.contains("--remote-header=authorization=<secret>") && !log.contains("Bearer"), log);
  }

  private static void ninja(Checkout checkout, String manifest) {
    try {
      checkout.write("build.ninja", manifest);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsDamagedInTheCacheIsMadeAgain() throws Exception {
    List<Checkout> both = checkouts();
    both.getFirst().run(cache("team", "writes"), BUILD).ran("first time");
    String program = Host.succeeds(both.getFirst().root(), "sha256sum", "program").substring(0, 64);
    try (var files = Files.walk(server.home())) {
      Path blob =
          files
              .filter(file -> file.toString().replace("/", "").endsWith(program))
              .findFirst()
              .orElseThrow();
      Host.succeeds(
          server.home(),
          "sh",
          "-c",
          "chmod u+w %1$s && printf X | dd of=%1$s conv=notrunc status=none".formatted(blob));
    }
    both.getLast().run(cache("team", "writes"), BUILD);
    assertEquals(both.getFirst().everything(), both.getLast().everything());
  }

  @Test
  void anotherTenantFindsNothing() throws Exception {
    List<Checkout> both = checkouts();
    both.getFirst().run(cache("team", "writes"), BUILD).ran("first time");
    Answer other = both.getLast().run(cache("other", "others"), BUILD).ran("first time");
    assertFalse(other.outcome().stderr().contains("warning"), other::toString);
  }

  @Test
  void whoMayNotGoesOnAlone() throws Exception {
    Checkout checkout = checkouts().getLast();
    Answer refused = checkout.run(cache("team", "nobody"), BUILD).ran("first time");
    assertEquals(0, refused.outcome().status());
    assertTrue(refused.outcome().stderr().contains("bric: warning: "), refused::toString);
    Answer nobodyThere =
        checkout.run(List.of("--remote-cache=grpc://" + first.there() + ":1"), "echo nobody");
    assertEquals(0, nobodyThere.outcome().status());
    assertTrue(nobodyThere.outcome().stderr().contains("bric: warning: "), nobodyThere::toString);
  }

  @Test
  void aServerThatDiesIsDoneWithout() throws Exception {
    List<Checkout> both = checkouts();
    both.getFirst().run(cache("team", "writes"), "cat a.c > first").ran("first time");
    serving.kill();
    Answer alone = both.getLast().run(cache("team", "writes"), "cat a.c > first");
    assertEquals(0, alone.outcome().status(), alone::toString);
    assertTrue(alone.outcome().stderr().contains("bric: warning: "), alone::toString);
    serving = serve(serving.port());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    for (int turn = 0; ; turn++) { // it is left alone for some seconds
      String command = "cat a.c > second" + turn;
      both.getFirst().run(cache("team", "writes"), command).ran("first time");
      Answer there = both.getLast().run(cache("team", "writes"), command);
      if (there.run().get("answer").getAsString().equals("remembered")) {
        return;
      }
      assertTrue(System.nanoTime() < deadline, there::toString);
    }
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    Checkout checkout = checkouts().getFirst();
    wrong(checkout, "--remote-cache=http://x", 66, "bric: --remote-cache http://x: not a server");
    wrong(
        checkout,
        "--remote-timeout=soon",
        64,
        "bric: run: invalid value for option '--remote-timeout': 'soon'");
    checkout.write("bric.toml", "[remote]\ncachee = \"x\"\n");
    wrong(
        checkout,
        "-q",
        66,
        "bric: "
            + checkout.root().toRealPath()
            + "/bric.toml:2:1: no such key: remote.cachee; did you mean remote.cache?");
  }

  private static void wrong(Checkout checkout, String option, int status, String message)
      throws Exception {
    Answer answer = checkout.run(List.of(option), "true");
    assertEquals(status, answer.outcome().status(), answer::toString);
    assertTrue(answer.outcome().stderr().startsWith(message), answer::toString);
  }
}

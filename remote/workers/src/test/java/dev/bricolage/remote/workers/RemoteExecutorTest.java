package dev.bricolage.remote.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.FactKey;
import dev.bricolage.execute.MissingBlob;
import dev.bricolage.execute.RunKey;
import dev.bricolage.execute.Toolset;
import dev.bricolage.fronts.reapi.Parts;
import dev.bricolage.fronts.reapi.ReapiServer;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.execution.Work;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.remote.client.Remote;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteExecution;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.MemoryBlobs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real server whose sandbox is played. */
@Timeout(60)
final class RemoteExecutorTest {
  private static final PathFact READ = new PathFact(PathFact.Kind.CONTENT, "/build/sub/a.c");
  private static final TreePath SOURCE = new TreePath("sub/a.c");
  private static final TreePath MADE = new TreePath("sub/a.o");
  private static final TreePath LOST = new TreePath("old");

  private final MemoryBlobs theirs = new MemoryBlobs();
  private final MemoryBlobs ours = new MemoryBlobs();
  private final List<Work> works = new CopyOnWriteArrayList<>();
  private Function<Work, Executed> plays = this::compiled;
  private ReapiServer server;
  private Remote remote;

  @BeforeEach
  void open() throws Exception {
    server =
        ReapiServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            new Parts(
                theirs,
                Holdings.memory(),
                ActionResults.memory(),
                Tenants.open(""),
                Optional.of((work, progress) -> {
                  works.add(work);
                  return plays.apply(work);
                }),
                Limits.USUAL,
                InstantSource.system(),
                Throwable::printStackTrace));
    remote =
        Remote.open(
            RemoteOptions.parse("grpc://127.0.0.1:" + server.port())
                .withRetries(0)
                .withTimeout(Duration.ofSeconds(5)),
            warning -> {
              throw new AssertionError(warning);
            });
  }

  @AfterEach
  void close() {
    remote.close();
    server.close();
  }

  private Action action() {
    SortedMap<TreePath, Entry> inputs = new TreeMap<>();
    inputs.put(SOURCE, new Entry.File(ours.put(bytes("int a;")), false));
    inputs.put(LOST, new Entry.File(ours.put(bytes("old")), false));
    Command command =
        new Command(
            List.of("cc", "-c", "a.c"),
            new TreeMap<>(Map.of("PWD", "/build/sub")),
            "/build/sub",
            new TreeMap<>(Map.of("bric-machine", "2", "workspace", "/build")));
    return new Action(command, new Tree(inputs), Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Outcome outcome(int exit) {
    SortedMap<TreePath, Entry> changes = new TreeMap<>();
    changes.put(MADE, new Entry.File(theirs.put(bytes("object")), true));
    changes.put(new TreePath("sub/l"), new Entry.Link("a.o"));
    changes.put(new TreePath("sub/empty"), new Entry.Folder());
    changes.put(SOURCE, new Entry.File(theirs.put(bytes("int b;")), false));
    return new Outcome(
        exit,
        changes,
        Set.of(SOURCE),
        List.of(LOST),
        theirs.put(bytes("out")),
        theirs.put(bytes("err")),
        List.of(new Outcome.Span(false, 1), new Outcome.Span(true, 3), new Outcome.Span(false, 2)));
  }

  private static Question key() {
    return new RunKey(new RemoteExecutorTest().action().command()).question();
  }

  private Executed compiled(Work work) {
    return ended(outcome(0), key(), "what it was", Optional.empty());
  }

  private static Executed ended(
      Outcome outcome, Question key, String answer, Optional<String> forgotten) {
    Trace trace = new Trace(key, List.of(new Step(new FactKey(READ).question(), answer)), "");
    return new Executed.Finished(
        outcome,
        Instant.EPOCH,
        Instant.EPOCH,
        false,
        Optional.of(new Executed.Seen(trace, forgotten)));
  }

  private final StringBuilder heard = new StringBuilder();

  private Execution execute(Action action) throws Exception {
    Console console =
        new Console() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            heard.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {
            heard.append('<').append(new String(bytes, offset, length, StandardCharsets.UTF_8));
            heard.append('>');
          }
        };
    RemoteExecutor executor =
        new RemoteExecutor(
            remote, remote, ours, new RemoteExecutor.Wishes("workers", new TreeMap<>(), 0));
    for (Digest streams : List.of(Digest.of(bytes("out")), Digest.of(bytes("err")))) {
      assertEquals(false, ours.has(streams));
    }
    return executor.execute(
        action,
        Toolset.of(List.of("mycc"), List.of("ld"), List.of()),
        console,
        new Control(() -> {}));
  }

  @Test
  void theWholeOutcomeComesAndWhatItLookedAt() throws Exception {
    Execution execution = execute(action());
    assertEquals(outcome(0), execution.outcome());
    assertEquals(Set.of(READ), execution.asked());
    assertEquals(
        new Execution.Elsewhere(
            "workers", List.of(new Step(new FactKey(READ).question(), "what it was"))),
        execution.elsewhere().orElseThrow());
    assertEquals(Optional.empty(), execution.unobserved());
    assertEquals("o<err>ut", heard.toString());
    assertEquals(false, ours.has(Digest.of(bytes("object")))); // nobody has read it

    Work work = works.getFirst();
    assertEquals(action().inputs(), work.inputs());
    assertEquals(new TreePath("sub"), work.directory());
    assertEquals("+mycc\n-ld", work.platform().get("tools"));
    assertEquals(Map.of("PWD", "/build/sub"), work.environment());
  }

  @Test
  void whatIsNotToBeRememberedIsToldWithItsReason() throws Exception {
    plays = work -> ended(outcome(3), key(), "", Optional.of("it failed"));
    Execution execution = execute(action());
    assertEquals(new Execution.Ending.Exited(3), execution.ending());
    assertEquals(Set.of(READ), execution.asked());
    assertEquals(List.of(), execution.elsewhere().orElseThrow().answers());
    assertEquals(Optional.of("it failed"), execution.unobserved());
  }

  @Test
  void anAnswerToAnotherQuestionIsNone() {
    plays = work -> ended(outcome(0), new Question("run", "another"), "answer", Optional.empty());
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> execute(action()));
    assertEquals(RemoteFailure.Kind.BAD_ANSWER, failure.kind());
    assertEquals("workers: what it ran is not what it was asked to run", failure.getMessage());
  }

  @Test
  void whatItCannotDoIsSaid() {
    plays = work -> new Executed.Failed(false, "no machine here has ISA=z80");
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> execute(action()));
    assertEquals(RemoteFailure.Kind.REFUSED, failure.kind());
  }

  @Test
  void aSourceThatIsLostIsTakenAnew() {
    Action action = action();
    Tree inputs =
        action
            .inputs()
            .with(
                new TreeMap<>(Map.of(SOURCE, new Entry.File(Digest.of(bytes("gone")), false))),
                List.of());
    assertThrows(
        MissingBlob.class, () -> execute(new Action(action.command(), inputs, Optional.empty())));
  }

  @Test
  void whatTookTooLongIsTold() throws Exception {
    plays = work -> new Executed.TimedOut(theirs.put(bytes("so")), theirs.put(bytes("far")));
    Action action = action();
    Duration limit = Duration.ofSeconds(9);
    Execution execution =
        execute(new Action(action.command(), action.inputs(), Optional.of(limit)));
    assertEquals(new Execution.Ending.TimedOut(limit), execution.ending());
    assertEquals(124, execution.outcome().exitCode());
    assertEquals("so<far>", heard.toString());
  }

  /** As any server understands it: ours does what it is told when nobody says who asks. */
  private Dialect.Came plain(int exit) throws Exception {
    plays = work -> ended(outcome(exit), key(), "", Optional.empty());
    PlainWork dialect = new PlainWork(remote.blobs(), new TreeMap<>(Map.of("pool", "small")));
    RemoteAction asked = dialect.ask(action(), Toolset.NONE);
    RemoteAction.Encoded encoded = asked.encode(remote.capabilities());
    new Inputs(remote.blobs(), ours).send(action().inputs(), encoded);
    RemoteResult result =
        remote.execution().run(encoded.digest(), false, 0, new RemoteExecution.Listener() {});
    return dialect.read(action(), result);
  }

  @Test
  void anyServerGivesItsWorkingDirectory() throws Exception {
    Dialect.Came came = plain(0);
    Outcome whole = outcome(0);
    assertEquals(whole.changes(), came.outcome().changes());
    assertEquals(whole.deleted(), came.outcome().deleted());
    assertEquals(whole.rewritten(), came.outcome().rewritten());
    assertEquals(Optional.of("the server does not tell what it looked at"), came.forgotten());

    Work work = works.getFirst();
    assertEquals(
        List.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", "sub", "cc", "-c", "a.c"),
        work.arguments());
    assertEquals(Map.of("pool", "small"), work.platform());
    assertEquals(Map.of(), work.environment());
    assertEquals(TreePath.ROOT, work.directory());
  }

  @Test
  void whatFailsOnAnyServerMayBeItsOwnFault() {
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> plain(2));
    assertEquals(RemoteFailure.Kind.REFUSED, failure.kind());
    assertEquals("'cc -c a.c' ended with 2 on its worker", failure.getMessage());
  }
}

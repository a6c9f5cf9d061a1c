package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.bytes;
import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.longrunning.Operation;
import com.google.rpc.PreconditionFailure;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.execution.Work;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.Action;
import dev.bricolage.remote.protocol.Reapi.Command;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.ExecuteOperationMetadata;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.ExecuteResponse;
import dev.bricolage.remote.protocol.Reapi.ExecutionStage;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.Tree;
import dev.bricolage.remote.protocol.Reapi.WaitExecutionRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Trial.Transport.class)
final class ExecutionServiceTest {
  private static final byte[] SOURCE = bytes("int main;\n");
  private static final Instant START = Instant.ofEpochSecond(50);

  private final List<Work> works = new ArrayList<>();
  private final AtomicReference<ActionExecutor> executor = new AtomicReference<>();
  private final Trial trial;

  ExecutionServiceTest(Trial.Transport transport) throws IOException {
    Setup setup = Setup.USUAL.with(Limits.USUAL.withExecutions(2));
    trial = new Trial(transport, setup.running(this::run));
    executor.set((work, progress) -> finished(0));
  }

  private Executed run(Work work, ActionExecutor.Progress progress) throws InterruptedException {
    synchronized (works) {
      works.add(work);
    }
    progress.started();
    return executor.get().run(work, progress);
  }

  @AfterEach
  void close() {
    trial.close();
  }

  /** A command that made a file, a link and a folder with a folder. */
  private Executed finished(int exitCode) {
    Digest object = trial.blobs.put(bytes("object"));
    TreeMap<TreePath, Entry> changes = new TreeMap<>();
    changes.put(new TreePath("src/a.o"), new Entry.File(object, true));
    changes.put(new TreePath("src/a-link"), new Entry.Link("a.o"));
    changes.put(new TreePath("src/dir"), new Entry.Folder());
    changes.put(new TreePath("src/dir-x"), new Entry.File(object, false));
    changes.put(new TreePath("src/dir/sub"), new Entry.Folder());
    changes.put(new TreePath("src/dir/sub/f"), new Entry.File(object, false));
    return new Executed.Finished(
        new Outcome(
            exitCode,
            changes,
            Set.of(),
            List.of(),
            trial.blobs.put(bytes("out\n")),
            trial.blobs.put(bytes("err\n")),
            List.of()),
        START,
        START.plusSeconds(2),
        false);
  }

  private static Directory root() {
    Directory.Builder src = Directory.newBuilder();
    src.addFilesBuilder().setName("a.c").setDigest(digest(SOURCE));
    Directory.Builder root = Directory.newBuilder();
    root.addDirectoriesBuilder().setName("src").setDigest(digest(src.build().toByteArray()));
    return root.build();
  }

  private static Command.Builder command() {
    Command.Builder command =
        Command.newBuilder()
            .addArguments("cc")
            .addArguments("-c")
            .addArguments("a.c")
            .setWorkingDirectory("src")
            .addAllOutputPaths(List.of("a-link", "a.o", "dir", "not-made", "new/place/x"));
    command.addEnvironmentVariablesBuilder().setName("LANG").setValue("C");
    return command;
  }

  private static Action.Builder action(Command command) {
    Action.Builder action =
        Action.newBuilder()
            .setCommandDigest(digest(command.toByteArray()))
            .setInputRootDigest(digest(root().toByteArray()));
    action.getTimeoutBuilder().setSeconds(30);
    action.getPlatformBuilder().addPropertiesBuilder().setName("OSFamily").setValue("linux");
    return action;
  }

  private ExecuteRequest upload(Command command, Action action) {
    Directory.Builder src = Directory.newBuilder();
    src.addFilesBuilder().setName("a.c").setDigest(digest(SOURCE));
    trial.upload(
        "",
        SOURCE,
        src.build().toByteArray(),
        root().toByteArray(),
        command.toByteArray(),
        action.toByteArray());
    return ExecuteRequest.newBuilder().setActionDigest(digest(action.toByteArray())).build();
  }

  private ExecuteRequest usual() {
    return upload(command().build(), action(command().build()).build());
  }

  private List<Operation> execute(ExecuteRequest request) {
    List<Operation> heard = new ArrayList<>();
    trial.execution().execute(request).forEachRemaining(heard::add);
    return heard;
  }

  private ExecuteResponse response(ExecuteRequest request) throws IOException {
    Operation last = execute(request).getLast();
    assertTrue(last.getDone());
    return last.getResponse().unpack(ExecuteResponse.class);
  }

  private static ExecutionStage.Value stage(Operation operation) throws IOException {
    return operation.getMetadata().unpack(ExecuteOperationMetadata.class).getStage();
  }

  private boolean isCached(ExecuteRequest request) {
    try {
      return trial
          .results()
          .getActionResult(
              GetActionResultRequest.newBuilder()
                  .setActionDigest(request.getActionDigest())
                  .build())
          .isInitialized();
    } catch (StatusRuntimeException e) {
      assertEquals(Code.NOT_FOUND, e.getStatus().getCode());
      return false;
    }
  }

  @Test
  void theExecutorIsToldAll() throws IOException {
    ExecuteRequest request = usual();
    response(request);
    Work work = works.getFirst();
    assertEquals(List.of("cc", "-c", "a.c"), work.arguments());
    assertEquals(Map.of("LANG", "C"), work.environment());
    assertEquals(new TreePath("src"), work.directory());
    assertEquals(Map.of("OSFamily", "linux"), work.platform());
    assertEquals(Optional.of(Duration.ofSeconds(30)), work.timeout());
    assertTrue(work.mayBeRemembered());
    assertEquals(
        List.of("src", "src/a.c", "src/new", "src/new/place"),
        work.inputs().entries().keySet().stream().map(TreePath::value).toList());
  }

  @Test
  void theResultHasWhatWasWanted() throws IOException {
    ExecuteRequest request = usual();
    ExecuteResponse response = response(request.toBuilder().setInlineStdout(true).build());
    Reapi.ActionResult result = response.getResult();
    assertEquals(0, response.getStatus().getCode());
    assertFalse(response.getCachedResult());
    assertEquals("out\n", result.getStdoutRaw().toStringUtf8());
    assertEquals(1, result.getOutputFilesCount());
    assertEquals("a.o", result.getOutputFiles(0).getPath());
    assertTrue(result.getOutputFiles(0).getIsExecutable());
    assertEquals("a-link", result.getOutputSymlinks(0).getPath());
    assertEquals("a.o", result.getOutputSymlinks(0).getTarget());
    assertEquals("dir", result.getOutputDirectories(0).getPath());
    Tree tree =
        Tree.parseFrom(
            trial
                .blobs
                .read(Digests.read(result.getOutputDirectories(0).getTreeDigest()))
                .orElseThrow());
    assertEquals("sub", tree.getRoot().getDirectories(0).getName());
    assertEquals(0, tree.getRoot().getFilesCount(), "dir-x is not in dir");
    assertEquals("f", tree.getChildren(0).getFiles(0).getName());
    assertEquals(52, result.getExecutionMetadata().getWorkerCompletedTimestamp().getSeconds());
  }

  @Test
  void theClientHearsEachStage() throws IOException {
    List<Operation> heard = execute(usual());
    assertEquals(ExecutionStage.Value.COMPLETED, stage(heard.getLast()));
    assertEquals(1, heard.stream().map(Operation::getName).distinct().count());
    assertTrue(heard.getFirst().getName().startsWith("operations/"));
  }

  @Test
  void aSuccessIsAnsweredFromTheCacheNextTime() throws IOException {
    ExecuteRequest request = usual();
    response(request);
    assertTrue(response(request).getCachedResult());
    assertEquals(1, works.size());
    assertFalse(response(request.toBuilder().setSkipCacheLookup(true).build()).getCachedResult());
    assertEquals(2, works.size());
    assertFalse(works.getLast().mayBeRemembered());
  }

  @Test
  void aFailureIsNotCached() throws IOException {
    executor.set((work, progress) -> finished(3));
    ExecuteRequest request = usual();
    ExecuteResponse response = response(request);
    assertEquals(3, response.getResult().getExitCode());
    assertEquals(0, response.getStatus().getCode());
    assertFalse(isCached(request));
  }

  @Test
  void whatMustNotBeCachedIsNot() throws IOException {
    ExecuteRequest request =
        upload(command().build(), action(command().build()).setDoNotCache(true).build());
    response(request);
    assertFalse(isCached(request));
  }

  @Test
  @SuppressWarnings("deprecation") // as clients before 2.1 ask
  void oldClientsAskInOldFields() throws IOException {
    Command command =
        command()
            .clearOutputPaths()
            .addOutputFiles("a-link")
            .addOutputFiles("a.o")
            .addOutputDirectories("dir")
            .build();
    Reapi.ActionResult result = response(upload(command, action(command).build())).getResult();
    assertEquals("a.o", result.getOutputFiles(0).getPath());
    assertEquals("a-link", result.getOutputFileSymlinks(0).getPath());
    assertEquals("dir", result.getOutputDirectories(0).getPath());
    assertEquals(0, result.getOutputSymlinksCount());
  }

  @Test
  void everyMissingBlobIsNamedAtOnce() throws Exception {
    Action action = action(command().build()).build();
    trial.upload("", action.toByteArray(), root().toByteArray());
    StatusRuntimeException e =
        refused(
            Code.FAILED_PRECONDITION,
            "2 blobs of the action %s are not here".formatted(Digest.of(action.toByteArray())),
            () ->
                execute(
                    ExecuteRequest.newBuilder()
                        .setActionDigest(digest(action.toByteArray()))
                        .build()));
    PreconditionFailure failure =
        Objects.requireNonNull(StatusProto.fromThrowable(e))
            .getDetails(0)
            .unpack(PreconditionFailure.class);
    assertEquals(2, failure.getViolationsCount());
    assertEquals("MISSING", failure.getViolations(0).getType());
    assertEquals(
        "blobs/" + Digest.of(command().build().toByteArray()),
        failure.getViolations(0).getSubject());
    assertEquals(0, works.size());
  }

  @Test
  void anActionThatIsNotThereIsMissing() {
    refused(
        Code.FAILED_PRECONDITION,
        "the action %s is not here".formatted(Digest.of("nothing")),
        () -> execute(ExecuteRequest.newBuilder().setActionDigest(digest("nothing")).build()));
  }

  @Test
  void actionsThatCannotBeAreRefused() {
    record Bad(Command command, String why) {}
    for (Bad bad :
        List.of(
            new Bad(
                command().addOutputPaths("../x").build(),
                "not a path inside a tree: 'src/../x' (a part of it is '..')"),
            new Bad(
                command().setWorkingDirectory("/etc").build(),
                "not a path inside a tree: '/etc' (a part of it is '')"),
            new Bad(
                command().setWorkingDirectory("elsewhere").clearOutputPaths().build(),
                "its working directory 'elsewhere' is no folder of its inputs"))) {
      Action action = action(bad.command()).build();
      ExecuteRequest request = upload(bad.command(), action);
      refused(
          Code.INVALID_ARGUMENT,
          "the action %s cannot be run: %s".formatted(Digest.of(action.toByteArray()), bad.why()),
          () -> execute(request));
    }
    Command empty = command().clearArguments().build();
    Action action = action(empty).build();
    ExecuteRequest request = upload(empty, action);
    refused(
        Code.INVALID_ARGUMENT,
        "the command of %s has no arguments".formatted(Digest.of(action.toByteArray())),
        () -> execute(request));
    assertEquals(0, works.size());
  }

  @Test
  void aTimeLimitIsAStatusWithTheOutputTillThen() throws IOException {
    Digest out = trial.blobs.put(bytes("so far\n"));
    executor.set((work, progress) -> new Executed.TimedOut(out, Digest.EMPTY));
    ExecuteRequest request = usual();
    ExecuteResponse response = response(request.toBuilder().setInlineStdout(true).build());
    assertEquals(Code.DEADLINE_EXCEEDED.value(), response.getStatus().getCode());
    assertEquals("the action took longer than its time limit", response.getStatus().getMessage());
    assertEquals(digest("so far\n"), response.getResult().getStdoutDigest());
    assertFalse(isCached(request));
  }

  @Test
  void whatCannotBeRunSaysWhetherToTryAgain() throws IOException {
    executor.set((work, progress) -> new Executed.Failed(true, "no sandbox today"));
    ExecuteResponse response = response(usual());
    assertEquals(Code.UNAVAILABLE.value(), response.getStatus().getCode());
    assertEquals("no sandbox today", response.getStatus().getMessage());
    executor.set((work, progress) -> new Executed.Failed(false, "no such program: cc"));
    assertEquals(Code.FAILED_PRECONDITION.value(), response(usual()).getStatus().getCode());
  }

  @Test
  void aMistakeOfOursIsNotShown() throws IOException {
    executor.set((work, progress) -> {
      throw new IllegalStateException("secret inside");
    });
    ExecuteResponse response = response(usual());
    assertEquals(Code.INTERNAL.value(), response.getStatus().getCode());
    assertEquals("a mistake of the server; its log says which", response.getStatus().getMessage());
    assertEquals("secret inside", trial.faults.removeFirst().getMessage());
  }

  @Test
  void anErrorEndsTheExecutionToo() throws IOException {
    executor.set((work, progress) -> {
      throw new StackOverflowError("deep");
    });
    assertEquals(Code.INTERNAL.value(), response(usual()).getStatus().getCode());
    assertEquals("java.lang.StackOverflowError: deep", trial.faults.removeFirst().getMessage());
  }

  @Test
  void aClientThatWasCutOffComesBackAndWaits() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    executor.set((work, progress) -> {
      go.await();
      return finished(0);
    });
    Iterator<Operation> first = trial.execution().execute(usual());
    Operation begun = first.next();
    assertFalse(begun.getDone());
    Iterator<Operation> second =
        trial
            .execution()
            .waitExecution(WaitExecutionRequest.newBuilder().setName(begun.getName()).build());
    assertFalse(second.next().getDone());
    go.countDown();
    Operation last = begun;
    while (second.hasNext()) {
      last = second.next();
    }
    assertTrue(last.getDone());
    List<Operation> afterwards = new ArrayList<>();
    trial
        .execution()
        .waitExecution(WaitExecutionRequest.newBuilder().setName(begun.getName()).build())
        .forEachRemaining(afterwards::add);
    assertEquals(List.of(last), afterwards);
    refused(
        Code.NOT_FOUND,
        "there is no operation 'operations/unknown'",
        () ->
            trial
                .execution()
                .waitExecution(
                    WaitExecutionRequest.newBuilder().setName("operations/unknown").build())
                .next());
  }

  @Test
  void aTenantHasSoManyUnderWay() {
    CountDownLatch go = new CountDownLatch(1);
    executor.set((work, progress) -> {
      go.await();
      return finished(0);
    });
    ExecuteRequest request = usual();
    Iterator<Operation> one = trial.execution().execute(request);
    one.next();
    Iterator<Operation> two = trial.execution().execute(request);
    two.next();
    refused(
        Code.RESOURCE_EXHAUSTED,
        "the instance '' has 2 actions under way already",
        () -> execute(request));
    go.countDown();
    one.forEachRemaining(operation -> {});
    two.forEachRemaining(operation -> {});
  }
}

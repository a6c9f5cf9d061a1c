package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.bytes;
import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.PreconditionFailure;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.tenant.Caller;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.OutputFile;
import dev.bricolage.remote.protocol.Reapi.Tree;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Trial.Transport.class)
final class ActionCacheServiceTest {
  private static final byte[] ACTION = bytes("an action, encoded");
  private static final byte[] OUTPUT = bytes("what it made\n");
  private static final String NO_RESULT =
      "the action %s has no result here".formatted(Digest.of(ACTION));

  private final Trial trial;

  ActionCacheServiceTest(Trial.Transport transport) throws IOException {
    trial = new Trial(transport, Setup.USUAL.among(ActionCacheServiceTest::admit));
  }

  private static Tenant admit(Caller caller, String instance) {
    return new Tenant(instance, !instance.equals("guest"), true, 0);
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private static ActionResult result() {
    return ActionResult.newBuilder()
        .addOutputFiles(OutputFile.newBuilder().setPath("out.txt").setDigest(digest(OUTPUT)))
        .setStdoutDigest(digest("said\n"))
        .build();
  }

  private ActionResult update(String instance, ActionResult result) {
    return trial
        .results()
        .updateActionResult(
            UpdateActionResultRequest.newBuilder()
                .setInstanceName(instance)
                .setActionDigest(digest(ACTION))
                .setActionResult(result)
                .build());
  }

  private GetActionResultRequest.Builder asking(String instance) {
    return GetActionResultRequest.newBuilder()
        .setInstanceName(instance)
        .setActionDigest(digest(ACTION));
  }

  private ActionResult get(String instance) {
    return trial.results().getActionResult(asking(instance).build());
  }

  @Test
  void whatIsPutIsThereForItsTenantOnly() {
    refused(Code.NOT_FOUND, NO_RESULT, () -> get("a"));
    trial.upload("a", OUTPUT, bytes("said\n"));
    assertEquals(result(), update("a", result()));
    assertEquals(result(), get("a"));
    refused(Code.NOT_FOUND, NO_RESULT, () -> get("b"));
  }

  @Test
  void whatIsAskedForComesAlong() {
    trial.upload("a", OUTPUT, bytes("said\n"));
    update("a", result());
    ActionResult inlined =
        trial
            .results()
            .getActionResult(
                asking("a").setInlineStdout(true).addInlineOutputFiles("out.txt").build());
    assertEquals("said\n", inlined.getStdoutRaw().toStringUtf8());
    assertEquals("what it made\n", inlined.getOutputFiles(0).getContents().toStringUtf8());
  }

  @Test
  void aResultWhoseBlobIsLostIsNone() {
    trial.upload("a", OUTPUT, bytes("said\n"));
    update("a", result());
    trial.blobs.lose(Digest.of(OUTPUT));
    refused(Code.NOT_FOUND, NO_RESULT, () -> get("a"));
  }

  @Test
  void aResultWhoseTreeLostAFileIsNone() {
    Directory root = Directory.getDefaultInstance();
    Directory.Builder child = Directory.newBuilder();
    child.addFilesBuilder().setName("f").setDigest(digest(OUTPUT));
    byte[] tree = Tree.newBuilder().setRoot(root).addChildren(child).build().toByteArray();
    ActionResult.Builder result = ActionResult.newBuilder();
    result.addOutputDirectoriesBuilder().setPath("dir").setTreeDigest(digest(tree));
    trial.upload("a", tree);
    refused(
        Code.FAILED_PRECONDITION,
        "the result of %s names 1 blobs that are not here, first %s"
            .formatted(Digest.of(ACTION), Digest.of(OUTPUT)),
        () -> update("a", result.build()));
    trial.upload("a", OUTPUT);
    update("a", result.build());
    assertEquals(result.build(), get("a"));
    trial.blobs.lose(Digest.of(OUTPUT));
    refused(Code.NOT_FOUND, NO_RESULT, () -> get("a"));
  }

  @Test
  void aResultCannotNameWhatTheTenantDoesNotHold() throws Exception {
    trial.upload("b", OUTPUT, bytes("said\n"));
    StatusRuntimeException e =
        refused(
            Code.FAILED_PRECONDITION,
            "the result of %s names 2 blobs that are not here, first %s"
                .formatted(Digest.of(ACTION), Digest.of(OUTPUT)),
            () -> update("a", result()));
    PreconditionFailure failure =
        Objects.requireNonNull(StatusProto.fromThrowable(e))
            .getDetails(0)
            .unpack(PreconditionFailure.class);
    assertEquals(
        List.of("MISSING blobs/" + Digest.of(OUTPUT), "MISSING blobs/" + Digest.of("said\n")),
        failure.getViolationsList().stream().map(v -> v.getType() + " " + v.getSubject()).toList());
    assertEquals(
        Code.NOT_FOUND.value(),
        trial
            .cas()
            .batchReadBlobs(
                BatchReadBlobsRequest.newBuilder()
                    .setInstanceName("a")
                    .addDigests(digest(OUTPUT))
                    .build())
            .getResponses(0)
            .getStatus()
            .getCode());
  }

  @Test
  void whoMayNotWriteResultsDoesNot() {
    trial.upload("guest", OUTPUT, bytes("said\n"));
    refused(
        Code.PERMISSION_DENIED,
        "in the instance 'guest' only the executor writes results",
        () -> update("guest", result()));
    refused(Code.NOT_FOUND, NO_RESULT, () -> get("guest"));
  }

  @Test
  void pathsThatLeadOutAreRefused() {
    trial.upload("a", OUTPUT);
    for (String path : new String[] {"../x", "/etc/passwd", "a//b", "a/./b", "", "a\0b"}) {
      ActionResult.Builder result = ActionResult.newBuilder();
      result.addOutputFilesBuilder().setPath(path).setDigest(digest(OUTPUT));
      refused(
          Code.INVALID_ARGUMENT,
          "not a path below the working directory: '%s'".formatted(path.replace("\0", "\\0")),
          () -> update("a", result.build()));
    }
    assertTrue(trial.blobs.has(Digest.of(OUTPUT)));
  }
}

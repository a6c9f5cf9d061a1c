package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.Action;
import dev.bricolage.remote.protocol.Reapi.Command;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are made to cost more than they are worth. */
final class BadInputTest {
  private final Trial trial =
      new Trial(
          Trial.Transport.TCP,
          Setup.USUAL
              .with(Limits.USUAL.withFolders(3_000))
              .running((work, progress) -> new Executed.Failed(false, "nobody should come here")));

  BadInputTest() throws IOException {}

  @AfterEach
  void close() {
    trial.close();
  }

  private static byte[] folder(String... namesAbove) {
    return folder(new byte[0], namesAbove);
  }

  private static byte[] folder(byte[] below, String... names) {
    Directory.Builder folder = Directory.newBuilder();
    for (String name : names) {
      folder.addDirectoriesBuilder().setName(name).setDigest(digest(below));
    }
    return folder.build().toByteArray();
  }

  private void execute(byte[] root) {
    byte[] command = Command.newBuilder().addArguments("true").build().toByteArray();
    byte[] action =
        Action.newBuilder()
            .setCommandDigest(digest(command))
            .setInputRootDigest(digest(root))
            .build()
            .toByteArray();
    trial.upload("", command, action, root);
    execute(digest(action));
  }

  private void execute(Reapi.Digest action) {
    trial
        .execution()
        .execute(ExecuteRequest.newBuilder().setActionDigest(action).build())
        .forEachRemaining(stage -> {});
  }

  @Test
  void foldersWithinFoldersWithoutEndAreRefused() {
    List<byte[]> all = new ArrayList<>(List.of(folder("a")));
    for (int i = 0; i < 2_500; i++) {
      all.add(folder(all.getLast(), "a"));
    }
    trial.upload("", all.toArray(byte[][]::new));
    refused(
        Code.INVALID_ARGUMENT,
        "a path of the input tree is longer than 4095",
        () -> execute(all.getLast()));
  }

  /** Ten messages that unfold to a thousand million folders. */
  @Test
  void aTreeThatUnfoldsToMoreThanItIsIsRefused() {
    String[] names = {"a", "b", "c", "d", "e", "f", "g", "h"};
    List<byte[]> all = new ArrayList<>(List.of(folder(names)));
    for (int i = 0; i < 10; i++) {
      all.add(folder(all.getLast(), names));
    }
    trial.upload("", all.toArray(byte[][]::new));
    refused(
        Code.RESOURCE_EXHAUSTED,
        "the input tree has more than 3000 entries",
        () -> execute(all.getLast()));
  }

  @Test
  void aBlobIsNoMessageWhenItIsTooLargeForOne() {
    Digest huge = Digest.of(Digest.of("x").hash(), 1L << 30);
    refused(
        Code.INVALID_ARGUMENT,
        "the blob %s is too large for a message".formatted(huge),
        () -> execute(Digests.write(huge)));
  }

  @Test
  void aGiganticMessageIsNotRead() {
    FindMissingBlobsRequest.Builder request = FindMissingBlobsRequest.newBuilder();
    Reapi.Digest one = digest("x");
    for (int i = 0; i < 80_000; i++) {
      request.addBlobDigests(one);
    }
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class, () -> trial.cas().findMissingBlobs(request.build()));
    assertEquals(Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
    var small = FindMissingBlobsRequest.newBuilder().addBlobDigests(one).build();
    assertEquals(1, trial.cas().findMissingBlobs(small).getMissingBlobDigestsCount());
  }
}

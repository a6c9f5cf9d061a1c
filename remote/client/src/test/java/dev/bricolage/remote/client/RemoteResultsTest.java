package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.PreconditionFailure;
import dev.bricolage.action.Digest;
import dev.bricolage.action.TreePath;
import dev.bricolage.remote.client.RemoteResult.OutputLink;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.OutputSymlink;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results from a server that is old, or not well. */
final class RemoteResultsTest {
  private static final Digest ACTION = Digest.of("an action");

  private Fake fake;
  private Remote remote;

  @BeforeEach
  void start() throws Exception {
    fake = new Fake();
    remote = fake.remote();
  }

  @AfterEach
  void stop() {
    remote.close();
    fake.close();
  }

  private static RemoteResult result(List<OutputLink> links) {
    return new RemoteResult(
        0, List.of(), links, List.of(), Digest.EMPTY, Digest.EMPTY, Map.of(), Optional.empty());
  }

  private void assertNone(ActionResult.Builder bad, String why) throws Exception {
    fake.result = Optional.of(bad.build());
    try (Remote fresh = fake.remote()) {
      assertEquals(Optional.empty(), fresh.results().get(ACTION));
      assertEquals(Optional.empty(), fresh.results().get(ACTION));
    }
    assertEquals(
        List.of(
            "grpc://localhost:%d: its result of the action %s cannot be used, and counts as none: %s"
                .formatted(fake.port(), ACTION, why)),
        fake.warnings);
    fake.warnings.clear();
  }

  @Test
  void whatCannotBeAResultIsNone() throws Exception {
    ActionResult.Builder outside = ActionResult.newBuilder();
    outside.addOutputFilesBuilder().setPath("../up").setDigest(Digests.write(ACTION));
    assertNone(outside, "not a path inside a tree: '../up' (a part of it is '..')");
    ActionResult.Builder sha1 = ActionResult.newBuilder();
    sha1.getStdoutDigestBuilder().setHash("abc").setSizeBytes(3);
    assertNone(sha1, "'abc' of 3 bytes is no SHA-256");
    ActionResult.Builder other =
        ActionResult.newBuilder()
            .setStdoutRaw(ByteString.copyFromUtf8("x"))
            .setStdoutDigest(Digests.write(ACTION));
    assertNone(other, "the bytes that come with it as %s are not its".formatted(ACTION));
  }

  @Test
  @SuppressWarnings("deprecation") // servers before 2.1
  void linksAreReadWhereverTheyStand() throws Exception {
    OutputSymlink a = OutputSymlink.newBuilder().setPath("a").setTarget("x").build();
    OutputSymlink b = OutputSymlink.newBuilder().setPath("b").setTarget("y").build();
    fake.result =
        Optional.of(
            ActionResult.newBuilder()
                .addOutputFileSymlinks(b)
                .addOutputDirectorySymlinks(a)
                .addOutputSymlinks(b)
                .build());
    assertEquals(
        List.of(new OutputLink(new TreePath("a"), "x"), new OutputLink(new TreePath("b"), "y")),
        remote.results().get(ACTION).orElseThrow().links());
  }

  @Test
  @SuppressWarnings("deprecation") // servers before 2.1
  void linksAreWrittenWhereTheServerReadsThem() throws Exception {
    RemoteResult result = result(List.of(new OutputLink(new TreePath("a"), "x")));
    remote.results().put(ACTION, result);
    assertEquals(1, fake.result.orElseThrow().getOutputSymlinksCount());
    assertEquals(0, fake.result.orElseThrow().getOutputFileSymlinksCount());
    fake.refuse("GetCapabilities", Fake.status(Code.UNIMPLEMENTED, "what?"));
    try (Remote old = fake.remote()) {
      old.results().put(ACTION, result);
    }
    assertEquals(0, fake.result.orElseThrow().getOutputSymlinksCount());
    assertEquals(1, fake.result.orElseThrow().getOutputFileSymlinksCount());
  }

  @Test
  void blobsThatTheServerWantsFirstAreNamed() {
    PreconditionFailure.Builder detail = PreconditionFailure.newBuilder();
    detail.addViolationsBuilder().setType("MISSING").setSubject("blobs/" + ACTION);
    fake.refuse(
        "UpdateActionResult",
        Fake.detailed(Code.FAILED_PRECONDITION, "first", Any.pack(detail.build())));
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.results().put(ACTION, result(List.of())));
    assertEquals(Kind.MISSING, failure.kind());
    assertEquals(Set.of(ACTION), failure.missing());
  }

  @Test
  void aServerThatTakesNoResultsIsNotAsked() {
    var reading = Fake.usual();
    reading.getCacheCapabilitiesBuilder().clearActionCacheUpdateCapabilities();
    fake.capabilities = reading.build();
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.results().put(ACTION, result(List.of())));
    assertEquals(Kind.DENIED, failure.kind());
    assertEquals(
        "grpc://localhost:%d: we may not write results in the instance '': use one where we may, or none but its own executor will"
            .formatted(fake.port()),
        failure.getMessage());
    assertEquals(0, fake.count("UpdateActionResult"));
  }
}

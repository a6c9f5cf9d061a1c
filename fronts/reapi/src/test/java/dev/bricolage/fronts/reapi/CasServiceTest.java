package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.bytes;
import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.GetTreeRequest;
import dev.bricolage.remote.protocol.Reapi.GetTreeResponse;
import io.grpc.Status.Code;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Trial.Transport.class)
final class CasServiceTest {
  private static final byte[] HELLO = bytes("hello, blobs\n");

  private final Trial.Transport transport;
  private Trial trial;

  CasServiceTest(Trial.Transport transport) throws IOException {
    this.transport = transport;
    this.trial = new Trial(transport);
  }

  @BeforeEach
  void nothingYet() {
    assertEquals(0, trial.blobs.count());
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private void restart(Setup setup) throws IOException {
    trial.close();
    trial = new Trial(transport, setup);
  }

  private List<Reapi.Digest> missing(String instance, Reapi.Digest... digests) {
    return trial
        .cas()
        .findMissingBlobs(
            FindMissingBlobsRequest.newBuilder()
                .setInstanceName(instance)
                .addAllBlobDigests(List.of(digests))
                .build())
        .getMissingBlobDigestsList();
  }

  private BatchReadBlobsResponse.Response read(String instance, Reapi.Digest digest) {
    return trial
        .cas()
        .batchReadBlobs(
            BatchReadBlobsRequest.newBuilder().setInstanceName(instance).addDigests(digest).build())
        .getResponses(0);
  }

  private Status put(Reapi.Digest digest, byte[] data, Compressor.Value compressor) {
    BatchUpdateBlobsRequest.Builder request = BatchUpdateBlobsRequest.newBuilder();
    request
        .addRequestsBuilder()
        .setDigest(digest)
        .setData(ByteString.copyFrom(data))
        .setCompressor(compressor);
    return trial.cas().batchUpdateBlobs(request.build()).getResponses(0).getStatus();
  }

  private static void assertStatus(Code code, String message, Status status) {
    assertEquals(code.value(), status.getCode());
    assertEquals(message, status.getMessage());
  }

  @Test
  void whatIsUploadedIsNotMissingAndCanBeRead() {
    assertEquals(List.of(digest(HELLO)), missing("", digest(HELLO), digest(HELLO)));
    trial.upload("", HELLO);
    assertEquals(List.of(), missing("", digest(HELLO)));
    assertArrayEquals(HELLO, read("", digest(HELLO)).getData().toByteArray());
  }

  @Test
  void theEmptyBlobIsAlwaysThere() {
    assertEquals(List.of(), missing("", digest("")));
    assertStatus(Code.OK, "", read("", digest("")).getStatus());
  }

  @Test
  void aBlobThatIsNotThereIsToldForItself() {
    trial.upload("", HELLO);
    BatchReadBlobsResponse response =
        trial
            .cas()
            .batchReadBlobs(
                BatchReadBlobsRequest.newBuilder()
                    .addDigests(digest("unknown"))
                    .addDigests(digest(HELLO))
                    .build());
    assertStatus(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(Digest.of("unknown")),
        response.getResponses(0).getStatus());
    assertArrayEquals(HELLO, response.getResponses(1).getData().toByteArray());
  }

  @Test
  void anotherTenantsBlobIsMissingUntilItIsUploadedAgain() {
    trial.upload("", HELLO);
    assertEquals(List.of(digest(HELLO)), missing("other", digest(HELLO)));
    assertStatus(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(Digest.of(HELLO)),
        read("other", digest(HELLO)).getStatus());
    trial.upload("other", HELLO);
    assertEquals(List.of(), missing("other", digest(HELLO)));
    assertEquals(1, trial.blobs.count(), "kept once");
  }

  @Test
  void aDamagedBlobIsMissing() {
    trial.upload("", HELLO);
    trial.blobs.damage(Digest.of(HELLO));
    assertStatus(
        Code.NOT_FOUND,
        "the blob %s is not here".formatted(Digest.of(HELLO)),
        read("", digest(HELLO)).getStatus());
    assertEquals(List.of(digest(HELLO)), missing("", digest(HELLO)));
  }

  @Test
  void otherBytesThanTheDigestsAreNotKept() {
    assertStatus(
        Code.INVALID_ARGUMENT,
        "the bytes uploaded as %s are %s".formatted(Digest.of("other"), Digest.of(HELLO)),
        put(digest("other"), HELLO, Compressor.Value.IDENTITY));
    assertEquals(0, trial.blobs.count());
  }

  @Test
  void aSizeThatIsNotTheBytesIsRefused() {
    Digest wrong = Digest.of(Digest.of(HELLO).hash(), 5);
    assertStatus(
        Code.INVALID_ARGUMENT,
        "the bytes uploaded as %s are %s".formatted(wrong, Digest.of(HELLO)),
        put(Digests.write(wrong), HELLO, Compressor.Value.IDENTITY));
  }

  @Test
  void whatIsNoDigestIsRefused() {
    for (Reapi.Digest bad :
        List.of(
            Reapi.Digest.newBuilder().setHash("abc").setSizeBytes(3).build(),
            digest(HELLO).toBuilder()
                .setHash(digest(HELLO).getHash().toUpperCase(Locale.ROOT))
                .build(),
            digest(HELLO).toBuilder().setSizeBytes(-1).build())) {
      String message =
          "not a digest (64 lower-case hex digits and a size): '%s', %d bytes"
              .formatted(bad.getHash(), bad.getSizeBytes());
      refused(Code.INVALID_ARGUMENT, message, () -> missing("", bad));
      assertStatus(Code.INVALID_ARGUMENT, message, put(bad, HELLO, Compressor.Value.IDENTITY));
    }
  }

  @Test
  void otherDigestFunctionsAreRefused() {
    FindMissingBlobsRequest request =
        FindMissingBlobsRequest.newBuilder().setDigestFunction(DigestFunction.Value.BLAKE3).build();
    refused(
        Code.INVALID_ARGUMENT,
        "the digest function here is SHA256, not BLAKE3",
        () -> trial.cas().findMissingBlobs(request));
  }

  @Test
  void anUnknownInstanceIsRefused() {
    refused(
        Code.INVALID_ARGUMENT,
        "there is no instance 'nowhere' here",
        () -> missing("nowhere", digest(HELLO)));
  }

  @Test
  void packedBlobsAreKeptUnpackedAndSentPacked() {
    byte[] text = bytes("the same again and again\n".repeat(1000));
    assertStatus(Code.OK, "", put(digest(text), Zstd.compress(text), Compressor.Value.ZSTD));
    assertArrayEquals(text, trial.blobs.read(Digest.of(text)).orElseThrow());
    BatchReadBlobsResponse.Response packed =
        trial
            .cas()
            .batchReadBlobs(
                BatchReadBlobsRequest.newBuilder()
                    .addDigests(digest(text))
                    .addAcceptableCompressors(Compressor.Value.ZSTD)
                    .build())
            .getResponses(0);
    assertEquals(Compressor.Value.ZSTD, packed.getCompressor());
    assertArrayEquals(text, Zstd.decompress(packed.getData().toByteArray(), text.length));
    assertEquals(Compressor.Value.IDENTITY, read("", digest(text)).getCompressor());
  }

  @Test
  void whatUnpacksToMoreThanItSaidIsRefusedBeforeItIsUnpacked() {
    byte[] bomb = Zstd.compress(new byte[100 << 20]);
    assertStatus(
        Code.INVALID_ARGUMENT,
        "%s unpacks to more bytes than that".formatted(Digest.of(HELLO)),
        put(digest(HELLO), bomb, Compressor.Value.ZSTD));
    Status status = put(digest(HELLO), HELLO, Compressor.Value.ZSTD);
    assertEquals(Code.INVALID_ARGUMENT.value(), status.getCode());
    assertEquals(
        "the compressed bytes are not zstd: Unknown frame descriptor", status.getMessage());
    assertStatus(
        Code.INVALID_ARGUMENT,
        "the compressor here is ZSTD, not BROTLI",
        put(digest(HELLO), HELLO, Compressor.Value.BROTLI));
    assertEquals(0, trial.blobs.count());
  }

  @Test
  void aBatchHasALimit() {
    int most = Limits.USUAL.batchBytes();
    Reapi.Digest large = digest(HELLO).toBuilder().setSizeBytes(most + 1).build();
    refused(
        Code.INVALID_ARGUMENT,
        "a batch may carry %d bytes, not %d".formatted(most, most + 1),
        () -> read("", large));
    refused(
        Code.INVALID_ARGUMENT,
        "a batch may carry %d bytes, not %d".formatted(most, most + 1),
        () -> put(large, new byte[most + 1], Compressor.Value.IDENTITY));
    assertStatus(
        Code.INVALID_ARGUMENT,
        "%s is too large for a batch; ByteStream takes it".formatted(Digests.read(large)),
        put(large, HELLO, Compressor.Value.IDENTITY));
    byte[] just = new byte[most];
    trial.upload("", just);
    assertEquals(most, read("", digest(just)).getData().size());
  }

  /** So many of one byte that digests and statuses are nearly all of a message. */
  private static BatchReadBlobsRequest small(int count) {
    BatchReadBlobsRequest.Builder request = BatchReadBlobsRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      request.addDigests(digest(new byte[] {(byte) i}));
    }
    return request.build();
  }

  @Test
  void ofVeryManySmallBlobsAMessageIsFilledAndNotMore() {
    for (int i = 0; i < 256; i++) {
      trial.upload("", new byte[] {(byte) i});
    }
    BatchReadBlobsResponse all = trial.cas().batchReadBlobs(small(50_000));
    assertTrue(all.getSerializedSize() <= 4 << 20, () -> all.getSerializedSize() + " bytes");
    for (int i = 0; i < 50_000; i++) {
      assertArrayEquals(new byte[] {(byte) i}, all.getResponses(i).getData().toByteArray());
    }
    refused(
        Code.INVALID_ARGUMENT,
        "an answer about 60000 blobs has more than 4194304 bytes; ask for fewer at once",
        () -> trial.cas().batchReadBlobs(small(60_000)));
    BatchUpdateBlobsRequest.Builder update = BatchUpdateBlobsRequest.newBuilder();
    for (Reapi.Digest digest : small(60_000).getDigestsList()) {
      update.addRequestsBuilder().setDigest(digest).setData(ByteString.copyFrom(new byte[1]));
    }
    refused(
        Code.INVALID_ARGUMENT,
        "an answer about 60000 blobs has more than 4194304 bytes; ask for fewer at once",
        () -> trial.cas().batchUpdateBlobs(update.build()));
  }

  @Test
  void whatDoesNotFitBesideTheDigestsIsToldOfAndTheRestIsThere() {
    byte[] large = new byte[3 << 20];
    trial.upload("", large);
    trial.upload("", new byte[] {0});
    BatchReadBlobsResponse all =
        trial
            .cas()
            .batchReadBlobs(
                small(20_000).toBuilder()
                    .addDigests(digest(large))
                    .addDigests(digest("x"))
                    .build());
    assertTrue(all.getSerializedSize() <= 4 << 20, () -> all.getSerializedSize() + " bytes");
    assertStatus(Code.OK, "", all.getResponses(256).getStatus());
    assertStatus(Code.NOT_FOUND, "", all.getResponses(257).getStatus());
    assertStatus(Code.RESOURCE_EXHAUSTED, "", all.getResponses(20_000).getStatus());
    assertTrue(all.getResponses(20_000).getData().isEmpty());
    assertStatus(Code.NOT_FOUND, "", all.getResponses(20_001).getStatus());
  }

  private List<GetTreeResponse> tree(GetTreeRequest request) {
    List<GetTreeResponse> pages = new ArrayList<>();
    trial.cas().getTree(request).forEachRemaining(pages::add);
    return pages;
  }

  private static Directory folder(Object... nameAndFolder) {
    Directory.Builder folder = Directory.newBuilder();
    for (int i = 0; i < nameAndFolder.length; i += 2) {
      byte[] below = ((Directory) nameAndFolder[i + 1]).toByteArray();
      folder.addDirectoriesBuilder().setName((String) nameAndFolder[i]).setDigest(digest(below));
    }
    return folder.build();
  }

  private static Directory leaf(String file) {
    Directory.Builder folder = Directory.newBuilder();
    folder.addFilesBuilder().setName(file).setDigest(digest(HELLO));
    return folder.build();
  }

  @Test
  void aTreesFoldersAreSentEachOnce() {
    Directory leaf = leaf("a");
    Directory middle = folder("x", leaf, "y", leaf);
    Directory root = folder("left", middle, "right", middle);
    trial.upload("", leaf.toByteArray(), middle.toByteArray(), root.toByteArray());
    GetTreeRequest request =
        GetTreeRequest.newBuilder().setRootDigest(digest(root.toByteArray())).build();
    List<GetTreeResponse> pages = tree(request);
    assertEquals(1, pages.size());
    assertEquals(List.of(root, middle, leaf), pages.getFirst().getDirectoriesList());
    assertEquals("", pages.getFirst().getNextPageToken());

    List<GetTreeResponse> small = tree(request.toBuilder().setPageSize(2).build());
    assertEquals(List.of(2, 1), small.stream().map(GetTreeResponse::getDirectoriesCount).toList());
    String token = small.getFirst().getNextPageToken();
    assertEquals(
        List.of(leaf),
        tree(request.toBuilder().setPageToken(token).build()).getFirst().getDirectoriesList());
    refused(
        Code.INVALID_ARGUMENT,
        "not a page token of this server: '-1'",
        () -> tree(request.toBuilder().setPageToken("-1").build()));
  }

  @Test
  void partsOfATreeThatAreNotThereAreLeftOut() {
    Directory leaf = leaf("a");
    Directory root = folder("sub", leaf);
    trial.upload("", root.toByteArray());
    GetTreeRequest request =
        GetTreeRequest.newBuilder().setRootDigest(digest(root.toByteArray())).build();
    assertEquals(List.of(root), tree(request).getFirst().getDirectoriesList());
    refused(
        Code.NOT_FOUND,
        "the tree's root %s is not here".formatted(Digest.of(leaf.toByteArray())),
        () -> tree(request.toBuilder().setRootDigest(digest(leaf.toByteArray())).build()));
  }

  @Test
  void aTreeThatTricksIsRefused() {
    Directory two = leaf("a").toBuilder().addFiles(leaf("a").getFiles(0)).build();
    Directory unsorted = leaf("b").toBuilder().addFiles(leaf("a").getFiles(0)).build();
    Directory link =
        Directory.newBuilder().addSymlinks(Reapi.SymlinkNode.newBuilder().setName("link")).build();
    record Trick(Directory folder, String why) {}
    for (Trick trick :
        List.of(
            new Trick(leaf(".."), "'..' is no name"),
            new Trick(leaf("."), "'.' is no name"),
            new Trick(leaf(""), "'' is no name"),
            new Trick(leaf("/etc/passwd"), "'/etc/passwd' is no name"),
            new Trick(leaf("a/b"), "'a/b' is no name"),
            new Trick(leaf("a\0b"), "'a\\0b' is no name"),
            new Trick(two, "'a' stands in it twice"),
            new Trick(unsorted, "'a' is out of order"),
            new Trick(link, "the link 'link' points nowhere"))) {
      byte[] bytes = trick.folder().toByteArray();
      trial.upload("", bytes);
      refused(
          Code.INVALID_ARGUMENT,
          "the folder %s cannot be: %s".formatted(Digest.of(bytes), trick.why()),
          () -> tree(GetTreeRequest.newBuilder().setRootDigest(digest(bytes)).build()));
    }
    trial.upload("", HELLO);
    refused(
        Code.INVALID_ARGUMENT,
        "the blob %s is no Directory".formatted(Digest.of(HELLO)),
        () -> tree(GetTreeRequest.newBuilder().setRootDigest(digest(HELLO)).build()));
  }

  @Test
  void aTreeHasALimit() throws IOException {
    restart(Setup.USUAL.with(Limits.USUAL.withFolders(2)));
    Directory root = folder("a", leaf("a"), "b", leaf("b"));
    trial.upload("", root.toByteArray());
    refused(
        Code.RESOURCE_EXHAUSTED,
        "the tree has more than 2 folders",
        () -> tree(GetTreeRequest.newBuilder().setRootDigest(digest(root.toByteArray())).build()));
  }

  @Test
  void whoCallsTooOftenIsToldWhenToComeBack() throws IOException {
    restart(Setup.USUAL.with(Limits.USUAL.withCallsPerSecond(2)));
    for (int i = 0; i < 4; i++) {
      assertEquals(List.of(), missing(""));
    }
    refused(Code.RESOURCE_EXHAUSTED, "more than 2 calls a second", () -> missing(""));
    trial.now.updateAndGet(now -> now.plusMillis(500));
    assertEquals(List.of(), missing(""));
  }

  @Test
  void manyDigestsAreAskedForAtOnce() {
    FindMissingBlobsRequest.Builder request = FindMissingBlobsRequest.newBuilder();
    for (int i = 0; i < 50_000; i++) {
      request.addBlobDigests(digest("blob " + i));
    }
    List<Reapi.Digest> missing =
        trial.cas().findMissingBlobs(request.build()).getMissingBlobDigestsList();
    assertEquals(50_000, Set.copyOf(missing).size());
    assertFalse(missing.isEmpty());
    assertTrue(missing.contains(digest("blob 7")));
  }
}

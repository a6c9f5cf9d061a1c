package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.remote.protocol.ActionCacheGrpc;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc.ContentAddressableStorageBlockingStub;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import dev.bricolage.store.Store;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over a store on disk, which collects what nobody uses, rots, and fills up. */
final class RealStoreTest {
  private static final long QUOTA = 200_000;

  private final Holdings holdings = Holdings.memory();
  private final ActionResults results = ActionResults.memory();
  @TempDir Path folder;
  private Optional<Served> served = Optional.empty();
  private Optional<Path> mounted = Optional.empty();

  private record Served(Store store, ReapiServer server, ManagedChannel channel)
      implements AutoCloseable {
    ContentAddressableStorageBlockingStub cas() {
      return ContentAddressableStorageGrpc.newBlockingStub(channel);
    }

    int put(byte[] bytes) {
      BatchUpdateBlobsRequest.Builder request = BatchUpdateBlobsRequest.newBuilder();
      request.addRequestsBuilder().setDigest(digest(bytes)).setData(ByteString.copyFrom(bytes));
      return cas().batchUpdateBlobs(request.build()).getResponses(0).getStatus().getCode();
    }

    int missing(byte[] bytes) {
      return cas()
          .findMissingBlobs(
              FindMissingBlobsRequest.newBuilder().addBlobDigests(digest(bytes)).build())
          .getMissingBlobDigestsCount();
    }

    int read(byte[] bytes) {
      var answer =
          cas()
              .batchReadBlobs(BatchReadBlobsRequest.newBuilder().addDigests(digest(bytes)).build())
              .getResponses(0);
      if (answer.getStatus().getCode() == 0) {
        assertArrayEquals(bytes, answer.getData().toByteArray());
      }
      return answer.getStatus().getCode();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      server.close();
      store.close();
    }
  }

  /** The same store and tenants by another process, as after a restart. */
  private Served serve(Path home) throws IOException {
    served.ifPresent(Served::close);
    Store store = Store.open(home, warning -> {});
    String name = UUID.randomUUID().toString();
    Parts parts =
        new Parts(
            store.blobs(),
            holdings,
            results,
            (caller, instance) -> new Tenant(instance, true, true, QUOTA),
            Optional.empty(),
            Limits.USUAL,
            InstantSource.system(),
            Throwable::printStackTrace);
    Served next =
        new Served(
            store,
            ReapiServer.start(InProcessServerBuilder.forName(name), parts),
            InProcessChannelBuilder.forName(name).build());
    served = Optional.of(next);
    return next;
  }

  @AfterEach
  void close() throws Exception {
    served.ifPresent(Served::close);
    if (mounted.isPresent()) {
      assertTrue(run("umount", "-l", mounted.get().toString()));
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private List<Path> blobFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("home"))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().matches(".*[0-9a-f]{60}.*"))
          .toList();
    }
  }

  /** Nobody has looked at any blob for a day. */
  private Served aDayLater() throws IOException {
    served.orElseThrow().close();
    served = Optional.empty();
    FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
    for (Path file : blobFiles()) {
      Files.setAttribute(file, "lastAccessTime", yesterday);
    }
    return serve(folder.resolve("home"));
  }

  @Test
  void whatAClientWasToldIsThereIsNotCollected() throws Exception {
    byte[] told = bytes(1, 1000);
    byte[] named = bytes(2, 1000);
    byte[] other = bytes(3, 1000);
    Served first = serve(folder.resolve("home"));
    for (byte[] blob : List.of(told, named, other)) {
      assertEquals(0, first.put(blob));
    }
    ActionResult result =
        ActionResult.newBuilder()
            .addOutputFiles(
                dev.bricolage.remote.protocol.Reapi.OutputFile.newBuilder()
                    .setPath("a.o")
                    .setDigest(digest(named)))
            .build();
    var _ =
        ActionCacheGrpc.newBlockingStub(first.channel())
            .updateActionResult(
                UpdateActionResultRequest.newBuilder()
                    .setActionDigest(digest("action"))
                    .setActionResult(result)
                    .build());
    Served second = aDayLater();
    assertEquals(0, second.missing(told));
    assertEquals(
        result,
        ActionCacheGrpc.newBlockingStub(second.channel())
            .getActionResult(
                GetActionResultRequest.newBuilder().setActionDigest(digest("action")).build()));
    assertEquals(1, second.store().gc(0).removedFiles());
    assertEquals(0, second.read(told));
    assertEquals(0, second.read(named));
    assertEquals(Code.NOT_FOUND.value(), second.read(other));
    assertEquals(1, second.missing(other));
  }

  @Test
  void whatWasCollectedDoesNotCount() throws Exception {
    Served first = serve(folder.resolve("home"));
    assertEquals(0, first.put(bytes(1, 150_000)));
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), first.put(bytes(2, 100_000)));
    Served second = aDayLater();
    assertEquals(1, second.store().gc(0).removedFiles());
    assertEquals(0, second.put(bytes(2, 100_000)));
    assertEquals(100_000, holdings.bytes(""));
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), second.put(bytes(1, 150_000)));
  }

  @Test
  void aBlobThatSomebodyPoisonedIsMissingUntilItIsBroughtAgain() throws Exception {
    byte[] good = bytes(1, 1000);
    Served server = serve(folder.resolve("home"));
    assertEquals(0, server.put(good));
    server.store().sync();
    Path file = blobFiles().getFirst();
    byte[] bad = good.clone();
    bad[500] ^= 1;
    FileTime time = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bad);
    Files.setLastModifiedTime(file, time);
    assertEquals(0, server.missing(good), "its size and time are as they were");
    assertEquals(Code.NOT_FOUND.value(), server.read(good));
    assertEquals(1, server.missing(good));
    assertEquals(0, server.put(good));
    assertEquals(0, server.read(good));
  }

  @Test
  void aDiskThatIsFullKeepsOnlyWhatIsWhole() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    boolean done = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    assumeTrue(done || System.getenv("CI") != null, "mounting a tmpfs is not allowed here");
    assertTrue(done, "a tmpfs can be mounted");
    mounted = Optional.of(disk);
    Served server = serve(disk.resolve("home"));
    byte[] small = bytes(0, 1000);
    assertEquals(0, server.put(small));
    try (var fill = Files.newOutputStream(disk.resolve("fill"))) {
      fill.write(new byte[8 << 20]);
    } catch (IOException full) {
      // As it should be.
    }
    byte[] large = bytes(1, 150_000);
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), server.put(large));
    assertEquals(1, server.missing(large));
    assertEquals(0, server.read(small));
    Files.delete(disk.resolve("fill"));
    assertEquals(0, server.put(large));
    assertEquals(0, server.read(large));
    assertTrue(server.store().blobs().has(Digest.of(large)));
  }
}

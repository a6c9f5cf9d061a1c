package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.bytes;
import static dev.bricolage.fronts.reapi.Trial.digest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.store.NoSpace;
import dev.bricolage.store.StoreException;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients hear of a disk that is full or broken: not where it is, and nothing is kept. */
final class BrokenDiskTest {
  private static final byte[] HELLO = bytes("hello");

  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final String name = UUID.randomUUID().toString();
  private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
  private Optional<ReapiServer> server = Optional.empty();

  private OtherBlobs start(Supplier<StoreException> failure) throws IOException {
    OtherBlobs blobs =
        new OtherBlobs() {
          @Override
          void beforeWrite() {
            throw failure.get();
          }
        };
    Parts parts =
        new Parts(
            blobs,
            Holdings.memory(),
            ActionResults.memory(),
            Tenants.open(""),
            Optional.empty(),
            Limits.USUAL,
            InstantSource.system(),
            faults::add);
    server = Optional.of(ReapiServer.start(InProcessServerBuilder.forName(name), parts));
    return blobs;
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.ifPresent(ReapiServer::close);
  }

  private Status batch() {
    BatchUpdateBlobsRequest.Builder request = BatchUpdateBlobsRequest.newBuilder();
    request.addRequestsBuilder().setDigest(digest(HELLO)).setData(ByteString.copyFrom(HELLO));
    return ContentAddressableStorageGrpc.newBlockingStub(channel)
        .batchUpdateBlobs(request.build())
        .getResponses(0)
        .getStatus();
  }

  private String stream() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    StreamObserver<WriteRequest> to =
        ByteStreamGrpc.newStub(channel)
            .write(
                new StreamObserver<>() {
                  @Override
                  public void onNext(WriteResponse response) {
                    answer.complete(response.getCommittedSize());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    to.onNext(
        WriteRequest.newBuilder()
            .setResourceName("uploads/" + UUID.randomUUID() + "/blobs/" + Digest.of(HELLO))
            .setData(ByteString.copyFrom(HELLO))
            .setFinishWrite(true)
            .build());
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
    io.grpc.Status status = io.grpc.Status.fromThrowable(e);
    return status.getCode() + ": " + status.getDescription();
  }

  @Test
  void aFullDisk() throws IOException {
    OtherBlobs blobs = start(() -> new NoSpace(Path.of("/secret/place"), new IOException("full")));
    Status status = batch();
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), status.getCode());
    assertEquals("the server's disk is full; nothing was stored", status.getMessage());
    assertEquals("RESOURCE_EXHAUSTED: the server's disk is full; nothing was stored", stream());
    assertEquals(0, blobs.count());
    assertEquals(0, server.orElseThrow().uploads());
  }

  @Test
  void aBrokenStore() throws IOException {
    OtherBlobs blobs = start(() -> new StoreException("cannot write /secret/place"));
    Status status = batch();
    assertEquals(Code.INTERNAL.value(), status.getCode());
    assertEquals("the server's store cannot be used; its log says why", status.getMessage());
    assertEquals("INTERNAL: the server's store cannot be used; its log says why", stream());
    assertEquals(0, blobs.count());
    assertEquals("cannot write /secret/place", faults.getFirst().getMessage());
  }
}

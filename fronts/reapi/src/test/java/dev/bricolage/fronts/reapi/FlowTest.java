package dev.bricolage.fronts.reapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What waits in memory while the disk is slow. */
final class FlowTest {
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 1_000;

  /** A store whose disk stands still until it is let go. */
  private static final class Stalled extends OtherBlobs {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    void beforeWrite() {
      reached.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A client that sends as long as it is let. */
  private static final class Client implements ClientResponseObserver<WriteRequest, WriteResponse> {
    private final String name;
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CompletableFuture<Long> committed = new CompletableFuture<>();

    Client(String name) {
      this.name = name;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WriteRequest> to) {
      ByteString data = UnsafeByteOperations.unsafeWrap(new byte[PIECE]);
      to.setOnReadyHandler(() -> {
        while (to.isReady() && sent.get() < PIECES) {
          long at = sent.getAndIncrement();
          to.onNext(
              WriteRequest.newBuilder()
                  .setResourceName(name)
                  .setWriteOffset(at * PIECE)
                  .setData(data)
                  .setFinishWrite(at + 1 == PIECES)
                  .build());
        }
        if (sent.get() < PIECES) {
          blocked.countDown();
        }
      });
    }

    @Override
    public void onNext(WriteResponse response) {
      committed.complete(response.getCommittedSize());
    }

    @Override
    public void onError(Throwable failure) {
      committed.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }

  @Test
  void aClientThatIsFasterThanTheDiskWaits() throws Exception {
    Stalled blobs = new Stalled();
    List<Throwable> faults = new ArrayList<>();
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
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ReapiServer server =
        ReapiServer.start(new InetSocketAddress(here, 0), Optional.empty(), parts)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(new InetSocketAddress(here, server.port()))
              .usePlaintext()
              .build();
      Digest digest = Digest.of(new byte[PIECE * PIECES]);
      Client client = new Client("uploads/" + UUID.randomUUID() + "/blobs/" + digest);
      var _ = ByteStreamGrpc.newStub(channel).write(client);
      assertTrue(blobs.reached.await(10, TimeUnit.SECONDS));
      assertTrue(client.blocked.await(10, TimeUnit.SECONDS), "the client was never stopped");
      // Both windows and a message on each side; without flow control it would be all 64 MB.
      assertTrue(client.sent.get() * PIECE < 20_000_000, "sent " + client.sent.get() * PIECE);
      blobs.go.countDown();
      assertEquals(digest.size(), client.committed.get(20, TimeUnit.SECONDS));
      channel.shutdownNow();
    }
    assertEquals(List.of(), faults);
  }
}
